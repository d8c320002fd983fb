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
        if (change.before() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            remove(trigger);
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            add(trigger, change.offset());
        }
    }

    private void add(CatalogEntry.Trigger trigger, long offset) {
        StateTriggerConfig config = config(trigger.config());
        if (config != null) {
            byScope.merge(
                    Optional.ofNullable(config.scope()),
                    List.of(new StateTrigger(trigger, config, offset)),
                    StateTriggerIndex::concatenated);
        }
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

    private void remove(CatalogEntry.Trigger trigger) {
        StateTriggerConfig config = config(trigger.config());
        if (config != null) {
            byScope.computeIfPresent(Optional.ofNullable(config.scope()), (scope, triggers) -> {
                List<StateTrigger> rest = triggers.stream()
                        .filter(each -> !each.entry().key().equals(trigger.key()))
                        .toList();
                return rest.isEmpty() ? null : rest;
            });
        }
    }

    /** Live triggers that a change of this key fires. */
    List<StateTrigger> matching(StateKey changed) {
        List<StateTrigger> ofScope = byScope.get(Optional.of(changed.scope()));
        List<StateTrigger> ofAny = byScope.get(Optional.<String>empty());
        if (ofScope == null && ofAny == null) {
            return List.of();
        }
        List<StateTrigger> matching = new ArrayList<>();
        collect(ofScope, changed, matching);
        collect(ofAny, changed, matching);
        return matching;
    }

    private void collect(@Nullable List<StateTrigger> candidates, StateKey changed, List<StateTrigger> matching) {
        if (candidates != null) {
            for (StateTrigger candidate : candidates) {
                if (candidate.config().matches(changed) && counts(candidate)) {
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
