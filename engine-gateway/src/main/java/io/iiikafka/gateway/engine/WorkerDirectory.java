package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.socket.WorkerConnection;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** All workers as lists show them: connected ones, and the engine's own parts. */
final class WorkerDirectory {

    /** One row: a connected worker, or with a null {@code worker} a part of the engine. */
    record Entry(String name, @Nullable String id, CatalogEntry.@Nullable Worker worker) {

        String namespace() {
            return worker == null || worker.namespace() == null ? Call.DEFAULT_NAMESPACE : worker.namespace();
        }

        String runtime() {
            return worker == null ? "engine" : Objects.requireNonNullElse(worker.runtime(), "unknown");
        }

        String status() {
            return worker == null ? "available" : "connected";
        }
    }

    private final Catalog catalog;
    private final Connections connections;
    private final BuiltinWorkers builtins;

    WorkerDirectory(Catalog catalog, Connections connections, BuiltinWorkers builtins) {
        this.catalog = catalog;
        this.connections = connections;
        this.builtins = builtins;
    }

    /** Every connection that announced itself, and the engine's parts; by name, then id. */
    List<Entry> all() {
        Stream<Entry> connected = catalog.workers()
                .filter(CatalogEntry.Worker::announced)
                .map(worker ->
                        new Entry(worker.name() == null ? worker.id() : worker.name(), worker.id(), worker));
        Stream<Entry> engine = builtins.names().stream().map(name -> new Entry(name, name, null));
        return Stream.concat(connected, engine)
                .sorted(Comparator.comparing(Entry::name).thenComparing(entry -> String.valueOf(entry.id())))
                .toList();
    }

    List<CatalogEntry.Function> functionsOf(CatalogEntry.Worker worker) {
        return catalog.keysOf(worker.id()).stream()
                .map(catalog::entry)
                .filter(Objects::nonNull)
                .map(Stored::entry)
                .filter(CatalogEntry.Function.class::isInstance)
                .map(CatalogEntry.Function.class::cast)
                .sorted(Comparator.comparing(CatalogEntry.Function::id))
                .toList();
    }

    /** A row of {@code engine::workers::list}, with the keys that older SDKs read (spec: protocol.md 6.4, 13.3). */
    ObjectNode row(Entry entry) {
        ObjectNode row = Json.object();
        CatalogEntry.Worker worker = entry.worker();
        List<String> functions = worker == null
                ? List.of()
                : functionsOf(worker).stream().map(CatalogEntry.Function::id).toList();
        row.put("name", worker == null ? entry.name() : worker.name());
        row.put("description", worker == null ? null : worker.description());
        row.put("version", worker == null ? builtins.version() : worker.version());
        row.put("id", entry.id());
        row.put("namespace", entry.namespace());
        row.put("runtime", entry.runtime());
        row.put("os", worker == null ? null : worker.os());
        row.put("status", entry.status());
        row.put("function_count", functions.size());
        row.put("connected_at_ms", worker == null ? engineStartedAtMs() : worker.connectedAtMs());
        row.put("active_invocations", worker == null ? 0 : inFlight(worker));
        row.put("isolation", worker == null ? "in-process" : worker.isolation());
        row.put("ip_address", worker == null ? null : worker.ipAddress());
        row.set("functions", Json.array(functions.stream().map(JsonNodeFactory.instance::textNode).toList()));
        row.put("internal", worker == null);
        row.set("latest_metrics", JsonNodeFactory.instance.nullNode());
        if (worker != null && worker.pid() != null) {
            row.put("pid", worker.pid());
        }
        return row;
    }

    private int inFlight(CatalogEntry.Worker worker) {
        WorkerConnection local = connections.get(worker.id());
        return local == null ? 0 : local.inFlight();
    }

    /** Since when there has been a gateway at all times; the same whichever gateway answers. */
    private long engineStartedAtMs() {
        return catalog.gateways().stream()
                .mapToLong(CatalogEntry.Gateway::clusterStartedAtMs)
                .min()
                .orElse(0);
    }
}
