package io.iiikafka.topology.keeper.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.job.EventMeta;
import io.iiikafka.topology.keeper.job.Terms;
import io.iiikafka.topology.keeper.trigger.Guarantee;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** From changes to the calls of the triggers that match them (spec: state.md section 5). */
final class StateTriggers {

    private static final String TYPE = "state";

    /** How long a firing may wait for a worker. */
    private static final long PATIENCE_MS = 3_600_000;

    private final TriggersByPlace<StateTriggerConfig> index;
    private final boolean enabled;

    private final DepthGuard guard;

    StateTriggers(Catalog catalog, boolean enabled, int maxDepth) {
        this.index = TriggersByPlace.of(TYPE, StateTriggerConfig::parse, catalog);
        this.enabled = enabled;
        this.guard = new DepthGuard(maxDepth);
    }

    boolean isEnabled() {
        return enabled;
    }

    TriggersByPlace<StateTriggerConfig> index() {
        return index;
    }

    /** @param past tells some triggers of the changes in its turn */
    List<Firing> firings(Command command, List<StateChange> changes, StateLookBack past) {
        if (changes.isEmpty() || !enabled) {
            return List.of();
        }
        int depth = Cause.of(command.call()).depth() + 1;
        List<Firing> firings = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            StateChange change = changes.get(i);
            List<Registered<StateTriggerConfig>> matching = change.silent() ? List.of() : matching(change);
            if (!matching.isEmpty()) {
                String eventId = StateEvent.id(change, command, i);
                RawJson event = StateEvent.of(change);
                for (Registered<StateTriggerConfig> trigger : matching) {
                    if (past.takes(trigger, change) || !guard.admits(trigger.entry().id(), depth)) {
                        continue;
                    }
                    RawJson meta = trigger.config().includeMeta() ? StateEvent.meta(change, eventId, command) : null;
                    firings.add(firing(trigger, event, meta, eventId, command, change, depth));
                }
            }
        }
        return firings;
    }

    private List<Registered<StateTriggerConfig>> matching(StateChange change) {
        List<Registered<StateTriggerConfig>> matching =
                index.matching(change.key().scope(), config -> config.matches(change));
        if (change.forkOf() == null) {
            return matching;
        }
        List<Registered<StateTriggerConfig>> all = new ArrayList<>(matching);
        for (String parent = change.forkOf(); parent != null; parent = above(parent)) {
            all.addAll(index.matchingOnly(parent, config -> config.matches(change)));
        }
        return all;
    }

    /** The scope of which this may be a fork. */
    private static @Nullable String above(String scope) {
        int end = scope.lastIndexOf(Fork.SEPARATOR);
        return end < 0 ? null : scope.substring(0, end);
    }

    /** The same change fires with the same id again when its command is run again. */
    static Firing firing(
            Registered<StateTriggerConfig> trigger,
            RawJson event,
            @Nullable RawJson meta,
            String eventId,
            Command command,
            StateChange change,
            int depth) {
        Guarantee guarantee = trigger.config().guarantee();
        String whose = guarantee == null ? trigger.entry().key() : trigger.name();
        String id = UUID.nameUUIDFromBytes((eventId + "/" + whose).getBytes(UTF_8)).toString();
        StateKey key = change.key();
        Terms terms = guarantee == null
                ? null
                : guarantee.terms(trigger, key.recordKey(), StateKey.prefixOf(key.scope()), meta);
        Call call = new Call(
                id,
                trigger.entry().functionId(),
                trigger.entry().namespace(),
                terms == null && meta != null ? EventMeta.added(event, meta, 1) : event,
                trigger.entry().metadata(),
                false,
                null,
                command.call().traceparent(),
                Cause.baggage(command.call().baggage(), eventId, trigger.entry().id(), change, depth),
                command.timestampMs() + PATIENCE_MS);
        return new Firing(call, trigger.config().conditionFunction(), terms);
    }
}
