package io.iiikafka.topology.keeper.cron;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.catalog.TriggerIndex;
import io.iiikafka.topology.keeper.trigger.InvalidTriggerException;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of the whole cluster: which triggers make up each, and which partition keeps it. The catalog's thread
 * changes it, any thread asks.
 *
 * <p>A schedule's key says what its triggers have in common (spec: cron.md 12.2): {@code key/…} the {@code schedule_key};
 * {@code fn/…} worker, function, expression and the like, and, of several equal ones of one connection, which it is;
 * {@code id/…} the trigger's id. Every process comes to the same keys, because all read the same catalog.
 */
final class CronTriggers implements CatalogListener {

    private static final String TYPE = "cron";

    /** A trigger whose config was understood, and the key of its schedule. */
    record Registered(CatalogEntry.Trigger entry, CronTriggerConfig config, long offset, String key) {}

    private final Catalog catalog;
    private final int partitions;
    private final TriggerIndex registrations = new TriggerIndex();
    private final Map<String, Registered> byEntry = new ConcurrentHashMap<>();
    private final Map<String, List<Registered>> bySchedule = new ConcurrentHashMap<>();
    private final Map<String, TreeMap<Long, String>> alikes = new ConcurrentHashMap<>();
    private final Map<Integer, Set<String>> changed = new ConcurrentHashMap<>();

    /** @param partitions over how many schedules are spread */
    CronTriggers(Catalog catalog, int partitions) {
        this.catalog = catalog;
        this.partitions = partitions;
        catalog.listen(this);
    }

    @Override
    public void changed(CatalogChange change) {
        registrations.changed(change);
        if (change.before() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            forget(trigger);
        }
        if (change.after() instanceof CatalogEntry.Trigger trigger && trigger.type().equals(TYPE)) {
            learn(trigger, change.offset());
        }
        if (change.after() instanceof CatalogEntry.Worker now
                && !(change.before() instanceof CatalogEntry.Worker before && Catalog.sameWorker(before, now)
                        && String.valueOf(before.name()).equals(String.valueOf(now.name()))
                        && String.valueOf(before.namespace()).equals(String.valueOf(now.namespace())))) {
            for (String key : catalog.keysOf(now.id())) {
                Registered known = byEntry.get(key);
                if (known != null) {
                    forget(known.entry());
                    learn(known.entry(), known.offset());
                }
            }
        }
    }

    private void learn(CatalogEntry.Trigger entry, long offset) {
        CronTriggerConfig config;
        try {
            config = CronTriggerConfig.parse(entry.config());
        } catch (InvalidTriggerException e) {
            return; // gateways refuse it, too
        }
        String alike = alike(entry, config);
        if (alike == null) {
            String own = config.scheduleKey() == null
                    ? "id/" + entry.id()
                    : "key/" + entry.namespace() + "/" + config.scheduleKey();
            put(new Registered(entry, config, offset, own));
            return;
        }
        TreeMap<Long, String> ours =
                alikes.computeIfAbsent(entry.connection() + "/" + alike, none -> new TreeMap<>());
        ours.put(offset, entry.key());
        put(new Registered(entry, config, offset, "fn/" + alike + "/" + ours.headMap(offset).size()));
        if (ours.lastKey() != offset) {
            renumber(ours, alike);
        }
    }

    /** What it shares with triggers of replicas of its worker; null: it is a schedule of its own. */
    private @Nullable String alike(CatalogEntry.Trigger entry, CronTriggerConfig config) {
        if (entry.connection() == null || !config.sharesByFunction() || config.scheduleKey() != null) {
            return null;
        }
        Stored<CatalogEntry> stored = catalog.entry(EntryKey.worker(entry.connection()));
        if (stored == null || !(stored.entry() instanceof CatalogEntry.Worker worker) || worker.name() == null) {
            return null;
        }
        String common = String.join(
                "\0",
                worker.name(),
                String.valueOf(worker.namespace()),
                entry.namespace(),
                entry.functionId(),
                config.expression(),
                config.zone().getId(),
                String.valueOf(config.condition()),
                String.valueOf(entry.metadata()));
        return UUID.nameUUIDFromBytes(common.getBytes(UTF_8)).toString();
    }

    private void renumber(TreeMap<Long, String> ours, String alike) {
        int number = 0;
        for (String key : ours.values()) {
            Registered known = byEntry.get(key);
            String wanted = "fn/" + alike + "/" + number++;
            if (known != null && !known.key().equals(wanted)) {
                remove(known);
                put(new Registered(known.entry(), known.config(), known.offset(), wanted));
            }
        }
    }

    private void put(Registered trigger) {
        byEntry.put(trigger.entry().key(), trigger);
        bySchedule.merge(trigger.key(), List.of(trigger), (present, added) -> Stream.concat(present.stream(), added.stream())
                .sorted(Comparator.comparingLong(Registered::offset))
                .toList());
        mark(trigger.key());
    }

    private void remove(Registered trigger) {
        bySchedule.computeIfPresent(trigger.key(), (same, present) -> {
            List<Registered> rest = present.stream().filter(each -> each != trigger).toList();
            return rest.isEmpty() ? null : rest;
        });
        mark(trigger.key());
    }

    private void forget(CatalogEntry.Trigger entry) {
        Registered known = byEntry.remove(entry.key());
        if (known == null) {
            return;
        }
        remove(known);
        if (known.key().startsWith("fn/")) {
            String alike = known.key().substring("fn/".length(), known.key().lastIndexOf('/'));
            String group = entry.connection() + "/" + alike;
            TreeMap<Long, String> ours = alikes.get(group);
            if (ours != null && ours.remove(known.offset()) != null) {
                if (ours.isEmpty()) {
                    alikes.remove(group);
                } else if (catalog.worker(String.valueOf(entry.connection())) != null) {
                    renumber(ours, alike);
                }
            }
        }
    }

    private void mark(String key) {
        Set<String> marked = changed.get(partition(key));
        if (marked != null) {
            marked.add(key);
        }
    }

    private int partition(String key) {
        return BuiltInPartitioner.partitionForKey(key.getBytes(UTF_8), partitions);
    }

    /** Keys of schedules of the partition that change from now on. */
    Set<String> watch(int partition) {
        Set<String> marked = ConcurrentHashMap.newKeySet();
        changed.put(partition, marked);
        return marked;
    }

    /** Nobody reads them any more. */
    void unwatch(int partition, Set<String> marked) {
        changed.computeIfPresent(partition, (same, present) -> present == marked ? null : present);
    }

    /** Keys of the partition's schedules. */
    List<String> keysOf(int partition) {
        return bySchedule.keySet().stream().filter(key -> partition(key) == partition).toList();
    }

    /** The live triggers of the schedule, the oldest first. */
    List<Registered> members(String key) {
        List<Registered> known = bySchedule.get(key);
        return known == null ? List.of() : known.stream().filter(this::counts).toList();
    }

    /** The oldest live trigger of the schedule; null when there is none. */
    @Nullable Registered leader(String key) {
        List<Registered> members = members(key);
        return members.isEmpty() ? null : members.getFirst();
    }

    /** The key of the schedule to which the trigger belongs, if that is kept by the partition; else null. */
    @Nullable String keyOf(String triggerId, int partition) {
        Stored<CatalogEntry.Trigger> effective = registrations.effective(triggerId, catalog);
        Registered known = effective == null ? null : byEntry.get(effective.entry().key());
        return known != null && partition(known.key()) == partition ? known.key() : null;
    }

    /** Whether it is the registration of its id that counts, and ours to serve. */
    private boolean counts(Registered trigger) {
        Stored<CatalogEntry.Trigger> effective = registrations.effective(trigger.entry().id(), catalog);
        return effective != null
                && effective.entry().key().equals(trigger.entry().key())
                && effective.offset() == trigger.offset()
                && registrations.isBuiltin(trigger.entry(), catalog);
    }
}
