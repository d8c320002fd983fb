package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
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

/** From events to the calls of the triggers that match them (spec: stream.md 6.1). */
final class StreamTriggers {

    private static final String TYPE = "stream";

    /** How long a firing may wait for a worker. */
    private static final long PATIENCE_MS = 3_600_000;

    private final TriggersByPlace<StreamTriggerConfig> index;
    private final PayloadForm usual;

    /**
     * @param usual what triggers are told that do not say
     */
    StreamTriggers(Catalog catalog, PayloadForm usual) {
        this.index = TriggersByPlace.of(TYPE, StreamTriggerConfig::parse, catalog);
        this.usual = usual;
    }

    TriggersByPlace<StreamTriggerConfig> index() {
        return index;
    }

    /** @param past tells some triggers of the events in its turn */
    List<Firing> firings(Command command, List<StreamChange> changes, StreamLookBack past) {
        List<Firing> firings = new ArrayList<>();
        for (StreamChange change : changes) {
            StreamEvent event = change.event();
            List<Registered<StreamTriggerConfig>> matching =
                    index.matching(event.group().stream(), config -> config.matches(change));
            if (!matching.isEmpty()) {
                RawJson usually = payload(usual, change);
                for (Registered<StreamTriggerConfig> trigger : matching) {
                    if (!past.takes(trigger, event)) {
                        firings.add(firing(trigger, change, usually, false, command));
                    }
                }
            }
        }
        return firings;
    }

    /** As it is told of an event of the past; null when it does not hear of it. */
    @Nullable Firing replayed(Registered<StreamTriggerConfig> trigger, StreamChange change, Command tick) {
        return trigger.config().matches(change) ? firing(trigger, change, payload(usual, change), true, tick) : null;
    }

    private Firing firing(
            Registered<StreamTriggerConfig> trigger,
            StreamChange change,
            RawJson usually,
            boolean replayed,
            Command command) {
        StreamTriggerConfig config = trigger.config();
        PayloadForm form = config.payload() == null ? usual : config.payload();
        RawJson meta = config.includeMeta() ? meta(change, replayed, command) : null;
        return firing(trigger, form == usual ? usually : payload(form, change), meta, change.event(), command);
    }

    private static RawJson payload(PayloadForm form, StreamChange change) {
        StreamEvent event = change.event();
        return form.payload(event.group(), event.id(), event.timestampMs(), event.event()).build();
    }

    /** Which event it is (13.5), but for the attempt at telling it. */
    private static RawJson meta(StreamChange change, boolean replayed, Command command) {
        StreamEvent event = change.event();
        JsonBuilder meta = JsonBuilder.object()
                .member("event_id", event.eventId())
                .member("offset", event.isLogged() ? RawJson.of(Long.toString(event.offset())) : RawJson.NULL)
                .member("replayed", replayed);
        if (change.before() != null && change.after() != null) {
            meta.member("old_value", change.before().value());
        }
        if (command.call().traceparent() != null) {
            meta.member("traceparent", command.call().traceparent());
        }
        return meta.build();
    }

    /** The same event fires with the same id again when its command is run again. */
    private static Firing firing(
            Registered<StreamTriggerConfig> trigger,
            RawJson frame,
            @Nullable RawJson meta,
            StreamEvent event,
            Command command) {
        Guarantee guarantee = trigger.config().guarantee();
        String name = event.eventId() + "/"
                + (guarantee == null ? trigger.entry().key() : trigger.name());
        StreamGroup group = event.group();
        Terms terms = guarantee == null
                ? null
                : guarantee.terms(
                        trigger,
                        event.id() == null ? group.itemPrefix() : group.itemKey(event.id()),
                        group.recordKey(),
                        meta);
        // What reports traces must not be traced: it would report itself, for ever.
        boolean traced = !event.group().stream().startsWith(ReplaySettings.OWN_FEEDS);
        Call call = new Call(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                trigger.entry().functionId(),
                trigger.entry().namespace(),
                terms == null && meta != null ? EventMeta.added(frame, meta, 1) : frame,
                trigger.entry().metadata(),
                false,
                null,
                traced ? command.call().traceparent() : null,
                traced ? command.call().baggage() : null,
                command.timestampMs() + PATIENCE_MS);
        return new Firing(call, trigger.config().conditionFunction(), terms);
    }
}
