package io.iiikafka.gateway.provided;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Remembers which functions of streams workers have served: one whose worker is gone comes back, or is missed; one that
 * was unregistered is forgotten, and the engine's own storage serves in its place (spec: stream.md 4.3).
 *
 * <p>A worker that leaves in order takes its functions out one by one before it goes. So a function that is taken out is
 * forgotten only when its worker is still there a moment later.
 */
final class Providers implements CatalogListener {

    private static final long DEPARTURE_MS = 1_000;

    private final Vertx vertx;
    private final Catalog catalog;
    private final Duration grace;
    private final Set<FunctionKey> known = ConcurrentHashMap.newKeySet();
    /** When the worker of a function that nobody serves was disconnected, by {@link System#nanoTime()}. */
    private final Map<FunctionKey, Long> goneSince = new ConcurrentHashMap<>();
    private final Map<FunctionKey, Promise<Void>> awaited = new ConcurrentHashMap<>();

    Providers(Vertx vertx, Catalog catalog, Duration grace) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.grace = grace;
    }

    /** Whether no worker has ever kept a stream, so that nobody needs to look further. */
    boolean isEmpty() {
        return known.isEmpty();
    }

    /** Whether a worker serves the function, or did until it was disconnected. */
    boolean knows(FunctionKey function) {
        return known.contains(function);
    }

    boolean serves(FunctionKey function) {
        return catalog.serves(function);
    }

    /** The streams that workers keep. */
    Stream<String> streams() {
        return known.stream()
                .flatMap(function -> Stream.of(Operation.values()).map(each -> each.streamOf(function.id())))
                .filter(name -> name != null)
                .distinct();
    }

    /**
     * Ends when a worker serves the function, when it is forgotten, or when the grace has passed since its worker was
     * disconnected: at once, if it has by now.
     */
    Future<Void> settled(FunctionKey function) {
        Long gone = goneSince.get(function);
        long leftMs = grace.toMillis() - (gone == null ? 0 : (System.nanoTime() - gone) / 1_000_000);
        if (leftMs <= 0) {
            return Future.succeededFuture();
        }
        Promise<Void> fresh = Promise.promise();
        Promise<Void> promise = awaited.computeIfAbsent(function, absent -> fresh);
        if (promise == fresh) {
            vertx.setTimer(leftMs, passed -> {
                awaited.remove(function, fresh);
                fresh.tryComplete();
            });
        }
        if (catalog.serves(function) || !known.contains(function)) {
            settle(function);
        }
        return promise.future();
    }

    private void settle(FunctionKey function) {
        Promise<Void> promise = awaited.remove(function);
        if (promise != null) {
            promise.tryComplete();
        }
    }

    @Override
    public void changed(CatalogChange change) {
        if (change.after() instanceof CatalogEntry.Function function && isOfStream(function)) {
            known.add(key(function));
            goneSince.remove(key(function));
        } else if (change.after() == null && change.before() instanceof CatalogEntry.Function function
                && known.contains(key(function))) {
            if (!catalog.serves(key(function))) {
                goneSince.putIfAbsent(key(function), System.nanoTime());
            }
            vertx.setTimer(DEPARTURE_MS, later -> forgetUnlessDeparted(function));
        }
        if (!awaited.isEmpty() && change.after() != null) {
            awaited.keySet().stream().filter(catalog::serves).toList().forEach(this::settle);
        }
    }

    private void forgetUnlessDeparted(CatalogEntry.Function function) {
        if (catalog.worker(function.connection()) != null && !catalog.serves(key(function))) {
            known.remove(key(function));
            goneSince.remove(key(function));
            settle(key(function));
        }
    }

    private static FunctionKey key(CatalogEntry.Function function) {
        return new FunctionKey(function.namespace(), function.id());
    }

    private static boolean isOfStream(CatalogEntry.Function function) {
        return function.namespace().equals(Call.DEFAULT_NAMESPACE)
                && Stream.of(Operation.values()).anyMatch(each -> each.streamOf(function.id()) != null);
    }
}
