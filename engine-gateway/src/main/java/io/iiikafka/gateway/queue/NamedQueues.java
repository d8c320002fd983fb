package io.iiikafka.gateway.queue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.queue.QueueSettings;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The named queues of the cluster, as the catalog has them; {@code default} is always there. Any thread. */
final class NamedQueues implements CatalogListener {

    static final String DEFAULT = "default";

    private final Catalog catalog;
    private final CatalogWriter writer;
    private volatile Set<String> names = Set.of(DEFAULT);

    NamedQueues(Catalog catalog, CatalogWriter writer) {
        this.catalog = catalog;
        this.writer = writer;
    }

    @Override
    public void changed(CatalogChange change) {
        boolean gone = change.after() == null && change.before() instanceof CatalogEntry.Queue;
        if (gone || change.after() instanceof CatalogEntry.Queue) {
            Set<String> now = new HashSet<>(names);
            if (change.after() instanceof CatalogEntry.Queue queue) {
                now.add(queue.name());
            } else if (change.before() instanceof CatalogEntry.Queue queue && !queue.name().equals(DEFAULT)) {
                now.remove(queue.name());
            }
            names = now;
        }
    }

    /** What is agreed of the queue; null when there is none of that name. */
    @Nullable QueueSettings find(String name) {
        CatalogEntry.Queue queue = entry(name);
        if (queue != null) {
            return queue.settings();
        }
        return name.equals(DEFAULT) ? QueueSettings.DEFAULT : null;
    }

    private CatalogEntry.@Nullable Queue entry(String name) {
        Stored<CatalogEntry> stored = catalog.entry(EntryKey.queue(name));
        return stored != null && stored.entry() instanceof CatalogEntry.Queue queue ? queue : null;
    }

    /** Sorted by name. */
    Map<String, QueueSettings> all() {
        Map<String, QueueSettings> all = new TreeMap<>(Comparator.naturalOrder());
        for (String name : names) {
            QueueSettings settings = find(name);
            if (settings != null) {
                all.put(name, settings);
            }
        }
        return all;
    }

    /** Gives whether that changed anything; completes when it is kept and this gateway knows. */
    Future<Boolean> define(String name, QueueSettings settings) {
        CatalogEntry.Queue present = entry(name);
        return present != null && present.settings().equals(settings)
                ? Future.succeededFuture(false)
                : writer.put(new CatalogEntry.Queue(name, false, settings)).map(true);
    }

    /** Gives a queue that is there other settings; completes as {@link #define}. */
    Future<Void> change(String name, QueueSettings settings) {
        CatalogEntry.Queue present = entry(name);
        return present == null
                ? Future.succeededFuture()
                : writer.put(new CatalogEntry.Queue(name, present.configured(), settings));
    }

    /**
     * Brings the catalog in line with the configuration of this gateway, once, when it has read all of it and before it is in
     * there itself. A queue that is no longer configured ends, jobs that it has stay; but while other gateways run, which may
     * have it in their configuration, it goes on.
     */
    Future<Void> configure(Map<String, QueueSettings> configured) {
        List<Future<Void>> written = new ArrayList<>();
        configured.forEach((name, settings) -> {
            CatalogEntry.Queue queue = new CatalogEntry.Queue(name, true, settings);
            if (!queue.equals(entry(name))) {
                written.add(writer.put(queue));
            }
        });
        boolean alone = catalog.gateways().isEmpty();
        for (String name : names) {
            CatalogEntry.Queue present = entry(name);
            if (alone && present != null && present.configured() && !configured.containsKey(name)) {
                written.add(writer.remove(present.key()));
            }
        }
        return written.isEmpty() ? Future.succeededFuture() : Future.all(written).mapEmpty();
    }
}
