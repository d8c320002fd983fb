package io.iiikafka.topology.keeper.job;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/** What is agreed of queues and subscriptions at the moment, by the keys of their entries in the catalog. */
public final class Agreements {

    /** Exists whether it is configured or not (spec: queue.md 8.1). */
    private static final String DEFAULT = EntryKey.queue("default");

    private final Catalog catalog;

    public Agreements(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Null when nothing is agreed: the queue or subscription is not there, or no longer. */
    public @Nullable QueueSettings find(String key) {
        Stored<CatalogEntry> stored = catalog.entry(key);
        CatalogEntry entry = stored == null ? null : stored.entry();
        if (entry instanceof CatalogEntry.Queue queue) {
            return queue.settings();
        }
        if (entry instanceof CatalogEntry.Subscription subscription) {
            return subscription.settings();
        }
        return key.equals(DEFAULT) ? QueueSettings.DEFAULT : null;
    }

    /** What users call it: the name of the queue, or the topic. */
    public static String nameOf(String key) {
        return EntryKey.isSubscription(key) ? EntryKey.topicOf(key) : EntryKey.queueOf(key);
    }

    /** Whether it is the key of a queue or a subscription. */
    static boolean holds(String key) {
        return EntryKey.isSubscription(key) || EntryKey.isQueue(key);
    }

    /** Whether it was a subscription: those of a named queue wait until it is defined again. */
    boolean hasEnded(String key) {
        return EntryKey.isSubscription(key) && find(key) == null;
    }

    /** So many deliveries of it run at once. */
    int concurrency(String key) {
        QueueSettings settings = find(key);
        if (settings == null) {
            return 0;
        }
        return settings.fifo() && EntryKey.isSubscription(key)
                ? Math.max(1, settings.concurrency()) // its one lane limits it (spec: queue.md 3.1)
                : settings.keeperConcurrency();
    }

    /** So long its dead letters are kept, in milliseconds; 0: for ever. */
    long deadLettersMs(String key) {
        QueueSettings settings = find(key);
        return settings == null ? 0 : settings.dlqRetentionMs();
    }

    /** So long a job of it waits for somebody to serve its function. */
    long holdMs(String key) {
        QueueSettings settings = find(key);
        return settings == null || settings.holdMaxMs() == 0 ? Long.MAX_VALUE : settings.holdMaxMs();
    }

    /** So long it is kept what became of a job of it that succeeded; 0: it is not. */
    long resultRetentionMs(String key) {
        QueueSettings settings = holds(key) ? find(key) : null;
        return settings == null ? 0 : settings.resultRetentionMs();
    }

    Rules rules(Terms terms) {
        return switch (terms) {
            case Terms.Own own -> Rules.of(own);
            case Terms.Agreed agreed -> {
                QueueSettings settings = find(agreed.queue());
                yield Rules.of(settings == null ? QueueSettings.DEFAULT : settings, agreed);
            }
        };
    }
}
