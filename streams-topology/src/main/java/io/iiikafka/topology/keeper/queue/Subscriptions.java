package io.iiikafka.topology.keeper.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;

/** The subscriptions to each durable topic. The catalog's thread changes it, any thread asks. */
final class Subscriptions implements CatalogListener {

    /** By topic, then by key, so that copies of a message are made in the same order by whoever makes them. */
    private final Map<String, Map<String, CatalogEntry.Subscription>> byTopic = new ConcurrentHashMap<>();

    /** So many ends are remembered for partitions that have not looked yet; what is gone is dropped there in any case. */
    private static final int MOST_ENDED = 10_000;

    /** Keys of those that have ended last, in order; each partition drops what it has of them. */
    private final List<String> ended = new ArrayList<>();

    /** How many ended before those. */
    private int forgotten;

    static Subscriptions of(Catalog catalog) {
        Subscriptions subscriptions = new Subscriptions();
        catalog.listen(subscriptions);
        return subscriptions;
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Subscription now) {
            byTopic.compute(now.topic(), (topic, before) -> {
                Map<String, CatalogEntry.Subscription> all = before == null ? new TreeMap<>() : new TreeMap<>(before);
                all.put(now.key(), now);
                return all;
            });
        } else if (change.before() instanceof CatalogEntry.Subscription gone) {
            byTopic.computeIfPresent(gone.topic(), (topic, before) -> {
                Map<String, CatalogEntry.Subscription> rest = new TreeMap<>(before);
                rest.remove(gone.key());
                return rest.isEmpty() ? null : rest;
            });
            synchronized (ended) {
                ended.add(gone.key());
                if (ended.size() > 2 * MOST_ENDED) {
                    ended.subList(0, MOST_ENDED).clear();
                    forgotten += MOST_ENDED;
                }
            }
        }
    }

    /** Those to the topic, in the order of their keys. */
    Collection<CatalogEntry.Subscription> of(String topic) {
        return byTopic.getOrDefault(topic, Map.of()).values();
    }

    /** How many have ended so far. */
    int ended() {
        synchronized (ended) {
            return forgotten + ended.size();
        }
    }

    /** The keys of those that have ended, but for the first ones, and for those of long ago. */
    List<String> endedAfter(int first) {
        synchronized (ended) {
            return List.copyOf(ended.subList(Math.max(0, first - forgotten), ended.size()));
        }
    }
}
