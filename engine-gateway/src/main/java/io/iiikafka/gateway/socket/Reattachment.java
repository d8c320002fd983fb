package io.iiikafka.gateway.socket;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.vertx.core.Future;

/**
 * Retires the connection that a reconnecting worker had before, on whichever gateway it was (spec: protocol.md 2.4). The
 * token is the proof; whoever lacks it is ignored without a word. Results of the old connection's calls go to the new one.
 */
final class Reattachment {

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final Connections connections;
    private final Departed departed;

    Reattachment(Catalog catalog, CatalogWriter writer, Connections connections, Departed departed) {
        this.catalog = catalog;
        this.writer = writer;
        this.connections = connections;
        this.departed = departed;
    }

    /** Completes when the old connection's registrations are out of the catalog, or there was nothing to do. */
    Future<Void> take(WorkerConnection successor, Frame.Reattach frame) {
        String previous = frame.previousWorkerId();
        if (previous == null || frame.reattachToken() == null || previous.equals(successor.id())) {
            return Future.succeededFuture();
        }
        WorkerConnection local = connections.get(previous);
        if (local == null) {
            local = departed.get(previous);
        }
        if (local != null && local.isProvenBy(frame.reattachToken())) {
            succeed(local, successor);
        }
        CatalogEntry.Worker old = catalog.worker(previous);
        if (old == null || !ReattachToken.matches(frame.reattachToken(), old.reattachDigest())) {
            return Future.succeededFuture();
        }
        // On another gateway, the removal of the entry is what tells it to retire the connection.
        return writer.remove(old.key());
    }

    /** Ends the old connection, and then has its results sent to the new one. */
    private static void succeed(WorkerConnection old, WorkerConnection successor) {
        old.retire();
        old.execute(() -> old.caller().succeed(successor));
    }
}
