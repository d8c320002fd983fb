package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import io.iiikafka.topology.catalog.TypeKey;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * Finds the triggers that a change fires, without looking at those of other scopes. The catalog's thread changes it, any
 * thread asks.
 */
final class StateTriggerIndex implements CatalogListener {

    private static final String TYPE = "state";

    private final Catalog catalog;
    private final TriggerIndex registrations = new TriggerIndex();

    private final Map<String, StateTrigger> byKey = new ConcurrentHashMap<>();

    /** Triggers by the scope they are for; those for any scope under {@link Optional#empty()}. */
    private final Map<Optional<String>, List<StateTrigger>> byScope = new ConcurrentHashMap<>();

    private StateTriggerIndex(Catalog catalog) {
        this.catalog = catalog;
    }

    static StateTriggerIndex of(Catalog catalog) {
        StateTriggerIndex index = new StateTriggerIndex(catalog);
        catalog.listen(index);
        return index;
    }

    @Override
    public void changed(CatalogChange change) {
        registrations.changed(change);
        StateTrigger before = byKey.remove(change.key());
        if (before != null) {
            byScope.computeIfPresent(scope(before), (scope, triggers) -> {
                List<StateTrigger> rest = triggers.stream().filter(each -> each != before).toList();
                return rest.isEmpty() ? null : rest;
            });
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            add(trigger, change.offset());
        }
    }

    private void add(CatalogEntry.Trigger entry, long offset) {
        StateTriggerConfig config = config(entry.config());
        if (config != null) {
            StateTrigger trigger = new StateTrigger(entry, config, offset);
            byKey.put(entry.key(), trigger);
            byScope.merge(scope(trigger), List.of(trigger), StateTriggerIndex::concatenated);
        }
    }

    private static Optional<String> scope(StateTrigger trigger) {
        return Optional.ofNullable(trigger.config().scope());
    }

    /** Null for one that gateways refuse, too. */
    private static @Nullable StateTriggerConfig config(RawJson config) {
        try {
            return StateTriggerConfig.parse(config);
        } catch (StateTriggerConfig.InvalidException e) {
            return null;
        }
    }

    private static List<StateTrigger> concatenated(List<StateTrigger> present, List<StateTrigger> added) {
        List<StateTrigger> all = new ArrayList<>(present);
        all.addAll(added);
        return List.copyOf(all);
    }

    /** Live triggers that the change fires. */
    List<StateTrigger> matching(StateChange change) {
        List<StateTrigger> ofScope = byScope.get(Optional.of(change.key().scope()));
        List<StateTrigger> ofAny = byScope.get(Optional.<String>empty());
        if (ofScope == null && ofAny == null && change.forkOf() == null) {
            return List.of();
        }
        List<StateTrigger> matching = new ArrayList<>();
        collect(ofScope, change, matching);
        collect(ofAny, change, matching);
        for (String parent = change.forkOf(); parent != null; parent = above(parent)) {
            collect(byScope.get(Optional.of(parent)), change, matching);
        }
        return matching;
    }

    /** The scope of which this may be a fork. */
    private static @Nullable String above(String scope) {
        int end = scope.lastIndexOf(Fork.SEPARATOR);
        return end < 0 ? null : scope.substring(0, end);
    }

    private void collect(@Nullable List<StateTrigger> candidates, StateChange change, List<StateTrigger> matching) {
        if (candidates != null) {
            for (StateTrigger candidate : candidates) {
                if (candidate.config().matches(change) && counts(candidate)) {
                    matching.add(candidate);
                }
            }
        }
    }

    /** Whether it is the registration of its id that counts, and ours to serve. */
    private boolean counts(StateTrigger trigger) {
        CatalogEntry.Trigger entry = trigger.entry();
        Stored<CatalogEntry.Trigger> effective = registrations.effective(entry.id(), catalog);
        return effective != null
                && effective.entry().key().equals(entry.key())
                && effective.offset() == trigger.offset()
                && isOurs(entry);
    }

    /** A type of the same name that the registrant's own namespace provides goes first (spec: protocol.md 4.4). */
    private boolean isOurs(CatalogEntry.Trigger trigger) {
        if (trigger.triggerNamespace() != null) {
            return trigger.triggerNamespace().equals(Call.DEFAULT_NAMESPACE);
        }
        return trigger.home().equals(Call.DEFAULT_NAMESPACE)
                || registrations.provider(new TypeKey(trigger.home(), TYPE), catalog) == null;
    }
}
