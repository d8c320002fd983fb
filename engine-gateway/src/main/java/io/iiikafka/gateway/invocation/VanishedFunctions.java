package io.iiikafka.gateway.invocation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.Stored;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Functions that lost their last worker without a word: its connection was cut, or its gateway went away. For a short
 * grace their callers wait for the worker to come back, so that a reconnect or a rolling restart is not seen.
 *
 * <p>A worker that leaves in order takes its functions out first, so nothing of it vanishes in this sense.
 */
final class VanishedFunctions implements CatalogListener {

    private record Vanished(Promise<Boolean> back) {}

    private final Vertx vertx;
    private final Catalog catalog;
    private final Duration grace;
    private final Map<FunctionKey, Vanished> vanished = new ConcurrentHashMap<>();

    VanishedFunctions(Vertx vertx, Catalog catalog, Duration grace) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.grace = grace;
    }

    /** True as soon as somebody serves the function again, false when the grace has passed or never began. */
    Future<Boolean> back(FunctionKey function) {
        Vanished entry = vanished.get(function);
        if (catalog.serves(function)) {
            return Future.succeededFuture(true);
        }
        return entry == null ? Future.succeededFuture(false) : entry.back().future();
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() == null) {
            switch (change.before()) {
                case CatalogEntry.Worker worker -> vanish(worker.id());
                case CatalogEntry.Gateway gateway ->
                    catalog.workersOf(gateway.id()).forEach(worker -> vanish(worker.id()));
                case null, default -> {}
            }
        } else if (!vanished.isEmpty()) {
            switch (change.after()) {
                case CatalogEntry.Function function -> reappear(function);
                case CatalogEntry.Worker worker -> functionsOf(worker.id()).forEach(this::reappear);
                default -> {}
            }
        }
    }

    private void vanish(String connection) {
        for (CatalogEntry.Function function : functionsOf(connection)) {
            FunctionKey key = new FunctionKey(function.namespace(), function.id());
            if (!catalog.serves(key)) {
                Vanished entry = new Vanished(Promise.promise());
                if (vanished.putIfAbsent(key, entry) != null) {
                    continue;
                }
                vertx.setTimer(Math.max(1, grace.toMillis()), timer -> {
                    vanished.remove(key, entry);
                    entry.back().tryComplete(catalog.serves(key));
                });
            }
        }
    }

    private void reappear(CatalogEntry.Function function) {
        FunctionKey key = new FunctionKey(function.namespace(), function.id());
        Vanished entry = vanished.get(key);
        if (entry != null && catalog.serves(key)) {
            vanished.remove(key, entry);
            entry.back().tryComplete(true);
        }
    }

    private List<CatalogEntry.Function> functionsOf(String connection) {
        return catalog.keysOf(connection).stream()
                .map(catalog::entry)
                .filter(stored -> stored != null)
                .map(Stored::entry)
                .filter(CatalogEntry.Function.class::isInstance)
                .map(CatalogEntry.Function.class::cast)
                .toList();
    }
}
