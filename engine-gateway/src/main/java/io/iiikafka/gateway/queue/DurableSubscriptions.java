package io.iiikafka.gateway.queue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.socket.TriggerCompanions;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.Stored;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the catalog's subscriptions in line with the triggers that make them (spec: queue.md 6.1): one is written before
 * its first trigger counts, stays when workers and gateways go away, and ends with the last trigger of its identity that
 * somebody unregisters. What the last registration says holds.
 */
final class DurableSubscriptions implements TriggerCompanions, CatalogListener {

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Function<CatalogEntry.Trigger, CatalogEntry.@Nullable Subscription> reader;

    /** Of all triggers in the catalog, and of those on their way to it. */
    private final Map<String, CatalogEntry.Subscription> byTrigger = new ConcurrentHashMap<>();

    private final Map<String, Set<String>> triggersBySubscription = new ConcurrentHashMap<>();
    private final SubscriptionEpochs epochs = new SubscriptionEpochs();
    private volatile boolean live;

    /**
     * @param reader gives the subscription that a trigger stands for; null when it stands for none
     */
    DurableSubscriptions(
            Catalog catalog,
            CatalogWriter writer,
            Connections connections,
            Function<CatalogEntry.Trigger, CatalogEntry.@Nullable Subscription> reader) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
        this.reader = reader;
    }

    /** From when this gateway has read all of the catalog: what it reads before happened long ago. */
    void begin() {
        live = true;
    }

    @Override
    public List<Future<Void>> register(CatalogEntry.Trigger trigger, Supplier<Future<Void>> write) {
        CatalogEntry.Subscription wanted = reader.apply(trigger);
        CatalogEntry.Subscription before = byTrigger.get(trigger.key());
        List<Future<Void>> written = new ArrayList<>();
        if (wanted == null) {
            forget(trigger.key());
        } else {
            index(trigger.key(), wanted);
            CatalogEntry.Subscription subscription = wanted.withEpoch(epochs.of(wanted.key()));
            if (!subscription.equals(stored(subscription.key()))) {
                written.add(writer.put(subscription));
            }
        }
        written.add(write.get());
        endIfUnused(before, written);
        return written;
    }

    @Override
    public List<Future<Void>> unregister(String triggerKey, Supplier<Future<Void>> remove) {
        CatalogEntry.Subscription before = byTrigger.get(triggerKey);
        forget(triggerKey);
        List<Future<Void>> written = new ArrayList<>();
        written.add(remove.get());
        endIfUnused(before, written);
        return written;
    }

    /** After the trigger's own entry: who reads that a subscription ends must not find a trigger that still needs it. */
    private void endIfUnused(CatalogEntry.@Nullable Subscription subscription, List<Future<Void>> written) {
        if (subscription != null && !isUsed(subscription.key())) {
            remove(subscription.key(), written);
        }
    }

    /** Subscriptions without any trigger. */
    Set<String> idle() {
        Set<String> idle = new HashSet<>();
        catalog.live(CatalogEntry.Subscription.class).forEach(stored -> {
            if (!isUsed(stored.entry().key())) {
                idle.add(stored.entry().key());
            }
        });
        return idle;
    }

    void remove(String subscription) {
        remove(subscription, new ArrayList<>(1));
    }

    private void remove(String subscription, List<Future<Void>> written) {
        epochs.ended(subscription);
        written.add(writer.remove(subscription));
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Trigger trigger) {
            CatalogEntry.Subscription subscription = reader.apply(trigger);
            if (subscription == null) {
                forget(trigger.key());
            } else {
                index(trigger.key(), subscription);
                restore(subscription.key());
            }
        } else if (change.before() instanceof CatalogEntry.Trigger trigger) {
            forget(trigger.key());
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Subscription subscription) {
            restore(subscription.key());
            epochs.gone(subscription.key(), subscription.epoch(), isUsed(subscription.key()));
        }
        if (change.after() instanceof CatalogEntry.Subscription subscription) {
            epochs.changed(subscription.key(), subscription.epoch());
        }
    }

    /** Somebody took it for unused just when a trigger of ours came: it is put back as the one that it was. */
    private void restore(String subscription) {
        if (!live || stored(subscription) != null) {
            return;
        }
        for (String trigger : triggersBySubscription.getOrDefault(subscription, Set.of())) {
            CatalogEntry.Subscription wanted = byTrigger.get(trigger);
            Stored<CatalogEntry> stored = catalog.entry(trigger);
            if (wanted != null
                    && stored != null
                    && stored.entry() instanceof CatalogEntry.Trigger registered
                    && (registered.connection() == null || connections.get(registered.connection()) != null)) {
                writer.put(wanted.withEpoch(epochs.of(subscription)));
                return;
            }
        }
    }

    private @Nullable CatalogEntry stored(String key) {
        Stored<CatalogEntry> stored = catalog.entry(key);
        return stored == null ? null : stored.entry();
    }

    private boolean isUsed(String subscription) {
        return triggersBySubscription.containsKey(subscription);
    }

    private synchronized void index(String trigger, CatalogEntry.Subscription subscription) {
        forget(trigger);
        byTrigger.put(trigger, subscription);
        triggersBySubscription
                .computeIfAbsent(subscription.key(), key -> ConcurrentHashMap.newKeySet())
                .add(trigger);
    }

    private synchronized void forget(String trigger) {
        CatalogEntry.Subscription before = byTrigger.remove(trigger);
        if (before != null) {
            triggersBySubscription.computeIfPresent(before.key(), (key, triggers) -> {
                triggers.remove(trigger);
                return triggers.isEmpty() ? null : triggers;
            });
        }
    }
}
