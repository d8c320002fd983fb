package io.iiikafka.topology.keeper.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import org.jspecify.annotations.Nullable;

/** The subscriptions to each durable topic. The catalog's thread changes it, any thread asks. */
final class Subscriptions implements CatalogListener {

    /**
     * So long a subscription that is gone from the catalog may come back as the same one: a gateway that ends it may not have
     * seen yet that another one has a new trigger of it, and that one puts it back.
     */
    static final long GRACE_MS = 3_000;

    /**
     * What has become of one.
     *
     * @param now null: it is gone
     * @param before null: it was not there
     */
    record Turn(
            String key, CatalogEntry.@Nullable Subscription now, CatalogEntry.@Nullable Subscription before) {}

    private record Gone(CatalogEntry.Subscription subscription, long untilMs) {}

    /** By topic, then by key, so that copies of a message are made in the same order by whoever makes them. */
    private final Map<String, Map<String, CatalogEntry.Subscription>> byTopic = new ConcurrentHashMap<>();

    /** Those that are gone but may come back, by their keys. */
    private final Map<String, Gone> gone = new ConcurrentHashMap<>();

    /** So many turns are remembered for partitions that have not looked yet. */
    private static final int MOST_TURNS = 10_000;

    /** The last ones, in order. */
    private final List<Turn> turns = new ArrayList<>();

    private final LongSupplier clock;

    /** How many turns there were before those. */
    private int forgotten;

    private Subscriptions(LongSupplier clock) {
        this.clock = clock;
    }

    static Subscriptions of(Catalog catalog) {
        Subscriptions subscriptions = new Subscriptions(System::currentTimeMillis);
        catalog.listen(subscriptions);
        return subscriptions;
    }

    @Override
    public void changed(CatalogChange change) {
        CatalogEntry.Subscription before = change.before() instanceof CatalogEntry.Subscription was ? was : null;
        if (change.after() instanceof CatalogEntry.Subscription now) {
            turn(new Turn(now.key(), now, before)); // first, so that whoever finds it can know what it replaces
            byTopic.compute(now.topic(), (topic, all) -> {
                Map<String, CatalogEntry.Subscription> more = all == null ? new TreeMap<>() : new TreeMap<>(all);
                more.put(now.key(), now);
                return more;
            });
            gone.remove(now.key());
        } else if (before != null) {
            turn(new Turn(before.key(), null, before));
            gone.values().removeIf(each -> each.untilMs() < clock.getAsLong());
            gone.put(before.key(), new Gone(before, clock.getAsLong() + GRACE_MS));
            byTopic.computeIfPresent(before.topic(), (topic, all) -> {
                Map<String, CatalogEntry.Subscription> rest = new TreeMap<>(all);
                rest.remove(before.key());
                return rest.isEmpty() ? null : rest;
            });
        }
    }

    private void turn(Turn turn) {
        synchronized (turns) {
            turns.add(turn);
            if (turns.size() > 2 * MOST_TURNS) {
                turns.subList(0, MOST_TURNS).clear();
                forgotten += MOST_TURNS;
            }
        }
    }

    /** Those to the topic, in the order of their keys. */
    Collection<CatalogEntry.Subscription> of(String topic) {
        return byTopic.getOrDefault(topic, Map.of()).values();
    }

    /** Those to the topic that get a copy of what is published now: with those that may come back. */
    Collection<CatalogEntry.Subscription> receiving(String topic) {
        if (gone.isEmpty()) {
            return of(topic);
        }
        Map<String, CatalogEntry.Subscription> all = new TreeMap<>(byTopic.getOrDefault(topic, Map.of()));
        gone.forEach((key, each) -> {
            if (each.subscription().topic().equals(topic) && each.untilMs() >= clock.getAsLong()) {
                all.putIfAbsent(key, each.subscription());
            }
        });
        return all.values();
    }

    /** The subscription; null when it is not there. */
    CatalogEntry.@Nullable Subscription find(String topic, String key) {
        return byTopic.getOrDefault(topic, Map.of()).get(key);
    }

    /** How many turns there were so far. */
    int turns() {
        synchronized (turns) {
            return forgotten + turns.size();
        }
    }

    /** The turns from one, inclusive, to another, exclusive, but for those of long ago. */
    List<Turn> turns(int from, int to) {
        synchronized (turns) {
            return List.copyOf(turns.subList(Math.max(0, from - forgotten), Math.max(0, to - forgotten)));
        }
    }
}
