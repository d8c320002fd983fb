package io.iiikafka.topology.keeper.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.job.Jobs;
import org.jspecify.annotations.Nullable;

/**
 * Drops what subscriptions had waiting that have ended, on one partition: what was published before is not delivered when
 * one is made again (spec: queue.md 6.1). Which one it is the {@linkplain CatalogEntry.Subscription#epoch epoch} says, also
 * when it ended and was made again while this partition was not looked after.
 */
final class Backlogs {

    /** A little longer than copies are made for those that are gone. */
    private static final long WAIT_MS = Subscriptions.GRACE_MS + 1_000;

    private static final long NOT_KNOWN = -1;

    private final Jobs jobs;
    private final Subscriptions subscriptions;

    /** When to drop what those have that are gone, in epoch milliseconds. */
    private final Map<String, Long> ending = new HashMap<>();

    private int seen;
    private boolean looked;

    Backlogs(Jobs jobs, Subscriptions subscriptions) {
        this.jobs = jobs;
        this.subscriptions = subscriptions;
        this.seen = subscriptions.turns();
        for (String key : jobs.subscriptions()) {
            if (now(key) == null) {
                ending.put(key, NOT_KNOWN);
            }
        }
    }

    private CatalogEntry.@Nullable Subscription now(String key) {
        return subscriptions.find(EntryKey.topicOf(key), key);
    }

    /** Takes note of what has become of subscriptions, and drops what is due. */
    void settle(long nowMs) {
        if (!looked) {
            looked = true;
            jobs.subscriptions().forEach(key -> compare(key, now(key), nowMs));
            ending.replaceAll((key, untilMs) -> untilMs == NOT_KNOWN ? nowMs + WAIT_MS : untilMs);
        }
        int all = subscriptions.turns();
        if (seen < all) {
            List<Subscriptions.Turn> turns = subscriptions.turns(seen, all);
            seen = all;
            turns.forEach(turn -> take(turn, nowMs));
        }
        if (!ending.isEmpty()) {
            List<String> due = new ArrayList<>();
            ending.forEach((key, untilMs) -> {
                if (untilMs <= nowMs) {
                    due.add(key);
                }
            });
            for (String key : due) {
                ending.remove(key);
                jobs.drop(key, nowMs);
            }
        }
    }

    /**
     * The subscriptions that get a copy of what is published now; what those had that they replace is dropped, so that none is
     * taken for theirs.
     */
    Collection<CatalogEntry.Subscription> receiving(String topic, long nowMs) {
        Collection<CatalogEntry.Subscription> receiving;
        do {
            settle(nowMs);
            receiving = subscriptions.receiving(topic);
        } while (seen < subscriptions.turns());
        return receiving;
    }

    private void take(Subscriptions.Turn turn, long nowMs) {
        CatalogEntry.Subscription now = turn.now();
        if (now == null) {
            ending.putIfAbsent(turn.key(), nowMs + WAIT_MS);
        } else if (turn.before() != null && !ending.containsKey(turn.key())) {
            if (now.epoch() != null && jobs.epoch(turn.key()) != null) {
                jobs.epoch(turn.key(), now.epoch()); // two gateways made it at the same moment
            }
        } else if (ending.remove(turn.key()) != null && now.epoch() == null) {
            jobs.drop(turn.key(), nowMs);
        } else {
            compare(turn.key(), now, nowMs);
            jobs.goOn(turn.key(), nowMs);
        }
    }

    /** What another one of that name had goes. */
    private void compare(String key, CatalogEntry.@Nullable Subscription now, long nowMs) {
        String kept = jobs.epoch(key);
        if (now != null && now.epoch() != null && kept != null && !kept.equals(now.epoch())) {
            jobs.drop(key, nowMs);
        }
    }

    /** When something is due, in epoch milliseconds. */
    long nextDueMs() {
        return ending.values().stream().mapToLong(each -> each).min().orElse(Long.MAX_VALUE);
    }
}
