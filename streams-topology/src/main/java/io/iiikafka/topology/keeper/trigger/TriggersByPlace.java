package io.iiikafka.topology.keeper.trigger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import org.jspecify.annotations.Nullable;

/**
 * Finds the triggers of a type that hear of a place, a scope or a stream, without looking at those of others. The
 * catalog's thread changes it, any thread asks.
 *
 * @param <C> the config, understood
 */
public final class TriggersByPlace<C extends TriggerConfig> implements CatalogListener {

    /**
     * A trigger whose config was understood.
     *
     * @param offset where its registration stands in the catalog
     */
    public record Registered<C extends TriggerConfig>(CatalogEntry.Trigger entry, C config, long offset) {

        /** The same when it is registered again: that of its subscription, or its id. */
        public String name() {
            String subscription = config.subscription();
            return subscription == null ? "id/" + entry.id() : "name/" + subscription;
        }
    }

    /** Reads configs. */
    @FunctionalInterface
    public interface Reader<C extends TriggerConfig> {

        C read(RawJson config) throws InvalidTriggerException;
    }

    private final Set<String> types;
    private final Reader<C> reader;
    private final Catalog catalog;
    private final TriggerIndex registrations = new TriggerIndex();
    private final Map<String, Registered<C>> byKey = new ConcurrentHashMap<>();

    /** Triggers by the place they are for; those for several under {@link Optional#empty()}. */
    private final Map<Optional<String>, List<Registered<C>>> byPlace = new ConcurrentHashMap<>();

    /** Triggers by the subscription that they are registrations of. */
    private final Map<String, List<Registered<C>>> bySubscription = new ConcurrentHashMap<>();

    private final AtomicInteger lookingBack = new AtomicInteger();

    private TriggersByPlace(Set<String> types, Reader<C> reader, Catalog catalog) {
        this.types = types;
        this.reader = reader;
        this.catalog = catalog;
    }

    /** Follows the catalog from now on. */
    public static <C extends TriggerConfig> TriggersByPlace<C> of(String type, Reader<C> reader, Catalog catalog) {
        return of(Set.of(type), reader, catalog);
    }

    /** The same for a type that has several names. */
    public static <C extends TriggerConfig> TriggersByPlace<C> of(
            Set<String> types, Reader<C> reader, Catalog catalog) {
        TriggersByPlace<C> index = new TriggersByPlace<>(types, reader, catalog);
        catalog.listen(index);
        return index;
    }

    @Override
    public void changed(CatalogChange change) {
        registrations.changed(change);
        Registered<C> before = byKey.remove(change.key());
        if (before != null) {
            remove(byPlace, placeOf(before), before);
            lookingBack.addAndGet(before.config().looksBack() ? -1 : 0);
            if (before.config().subscription() != null) {
                remove(bySubscription, before.config().subscription(), before);
            }
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger && types.contains(trigger.type())) {
            add(trigger, change.offset());
        }
    }

    private void add(CatalogEntry.Trigger entry, long offset) {
        Registered<C> trigger;
        try {
            trigger = new Registered<>(entry, reader.read(entry.config()), offset);
        } catch (InvalidTriggerException e) {
            return; // gateways refuse it, too
        }
        byKey.put(entry.key(), trigger);
        lookingBack.addAndGet(trigger.config().looksBack() ? 1 : 0);
        if (trigger.config().subscription() != null) {
            add(bySubscription, trigger.config().subscription(), trigger);
        }
        add(byPlace, placeOf(trigger), trigger);
    }

    private static <K, V> void add(Map<K, List<V>> map, K key, V value) {
        map.merge(key, List.of(value), (present, added) -> Stream.concat(present.stream(), added.stream()).toList());
    }

    private static <K, V> void remove(Map<K, List<V>> map, K key, V value) {
        map.computeIfPresent(key, (same, present) -> {
            List<V> rest = present.stream().filter(each -> each != value).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    private Optional<String> placeOf(Registered<C> trigger) {
        return Optional.ofNullable(trigger.config().place());
    }

    /** Live triggers for this place, or for any, whose config the filter lets pass. */
    public List<Registered<C>> matching(String named, Predicate<? super C> filter) {
        List<Registered<C>> here = byPlace.get(Optional.of(named));
        List<Registered<C>> anywhere = byPlace.get(Optional.<String>empty());
        if (here == null && anywhere == null) {
            return List.of();
        }
        List<Registered<C>> matching = new ArrayList<>();
        collect(here, filter, matching);
        collect(anywhere, filter, matching);
        return matching;
    }

    /** Live triggers that hear first of what was before they were registered. */
    public List<Registered<C>> lookingBack() {
        if (lookingBack.get() == 0) {
            return List.of();
        }
        return byKey.values().stream()
                .filter(each -> each.config().looksBack() && counts(each) && speaksForItsSubscription(each))
                .sorted(Comparator.comparingLong(Registered::offset))
                .toList();
    }

    /** Places of which some trigger, live or not, is for just that one. */
    public List<String> places() {
        return byPlace.keySet().stream().flatMap(Optional::stream).toList();
    }

    /** Live triggers for just this place whose config the filter lets pass. */
    public List<Registered<C>> matchingOnly(String named, Predicate<? super C> filter) {
        List<Registered<C>> matching = new ArrayList<>();
        collect(byPlace.get(Optional.of(named)), filter, matching);
        return matching;
    }

    private void collect(
            @Nullable List<Registered<C>> candidates, Predicate<? super C> filter, List<Registered<C>> matching) {
        if (candidates != null) {
            for (Registered<C> candidate : candidates) {
                if (filter.test(candidate.config()) && counts(candidate) && speaksForItsSubscription(candidate)) {
                    matching.add(candidate);
                }
            }
        }
    }

    /** Of several registrations of a subscription only the newest hears of events. */
    private boolean speaksForItsSubscription(Registered<C> trigger) {
        String subscription = trigger.config().subscription();
        if (subscription == null) {
            return true;
        }
        for (Registered<C> other : bySubscription.getOrDefault(subscription, List.of())) {
            if (other.offset() > trigger.offset() && counts(other)) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is the registration of its id that counts, and ours to serve. */
    private boolean counts(Registered<C> trigger) {
        Stored<CatalogEntry.Trigger> effective = registrations.effective(trigger.entry().id(), catalog);
        return effective != null
                && effective.entry().key().equals(trigger.entry().key())
                && effective.offset() == trigger.offset()
                && registrations.isBuiltin(trigger.entry(), catalog);
    }
}
