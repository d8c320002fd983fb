package io.iiikafka.gateway.socket;

import java.util.List;
import java.util.Objects;

import io.iiikafka.gateway.invocation.LocalFunctions;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogChange;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.CatalogListener;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.catalog.Stored;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles, as the catalog's order decides, whose a function or an identity is.
 *
 * <ul>
 *   <li>A local worker's registration that is in the catalog makes the worker serve the function, if it is the owner's or
 *       a replica's; else the owner is asked whether it still lives, and if it does the newcomer is refused.
 *   <li>A function that is taken out of the catalog is served by nobody here, also if its worker took it back before its
 *       registration was read.
 *   <li>When a connection announces a name and pid that a local connection has, that one is probed and retired if dead.
 *   <li>When others take a local connection out of the catalog, it is retired.
 * </ul>
 */
public final class Rivals implements CatalogListener {

    private static final Logger LOG = LoggerFactory.getLogger(Rivals.class);

    private final Vertx vertx;
    private final Catalog catalog;
    private final Connections connections;
    private final LocalFunctions functions;
    private final long remoteProbeMs;

    public Rivals(
            Vertx vertx,
            Catalog catalog,
            Connections connections,
            LocalFunctions functions,
            SocketSettings settings) {
        this.vertx = vertx;
        this.catalog = catalog;
        this.connections = connections;
        this.functions = functions;
        this.remoteProbeMs = settings.probeTimeout().toMillis() + 300;
    }

    @Override
    public void changed(CatalogChange change) {
        switch (change.after()) {
            case CatalogEntry.Function function -> registered(function);
            case CatalogEntry.Worker worker when worker.announced() -> announced(worker);
            case null -> removed(change.before());
            default -> {}
        }
    }

    private void removed(@Nullable CatalogEntry entry) {
        if (entry instanceof CatalogEntry.Worker worker) {
            WorkerConnection local = connections.get(worker.id());
            if (local != null && !local.isDraining()) {
                local.retire();
            }
        } else if (entry instanceof CatalogEntry.Function function) {
            functions.remove(new FunctionKey(function.namespace(), function.id()), function.connection());
        }
    }

    private void registered(CatalogEntry.Function function) {
        FunctionKey key = new FunctionKey(function.namespace(), function.id());
        WorkerConnection local = connections.get(function.connection());
        List<Member> members = catalog.members(key);
        if (serves(members, function.connection())) {
            if (local != null) {
                add(key, local);
            }
        } else if (!members.isEmpty()) {
            challenge(key, members.getFirst(), function.connection());
        }
    }

    private void add(FunctionKey key, WorkerConnection local) {
        functions.add(key, local);
        if (local.hasEnded() || !serves(catalog.members(key), local.id())) { // or not any more, since that was looked at
            functions.remove(key, local.id());
        }
    }

    private static boolean serves(List<Member> members, String connection) {
        return members.stream().anyMatch(member -> member.worker().id().equals(connection));
    }

    /** Somebody else registers what the owner has: asks the owner's connection, if it is here, whether it lives. */
    private void challenge(FunctionKey key, Member owner, String challenger) {
        WorkerConnection local = connections.get(owner.worker().id());
        if (local != null) {
            probe(local, () -> settle(key, challenger));
        } else if (connections.get(challenger) != null) {
            long heardOf = lastHeardOf(owner);
            vertx.setTimer(remoteProbeMs, timer -> settleRemote(key, challenger, owner, heardOf));
        }
    }

    /**
     * The owner is on another gateway, which probes it. A gateway that is dead itself does not: so the newcomer is
     * refused only after the other gateway has shown that it lives.
     */
    private void settleRemote(FunctionKey key, String challenger, Member owner, long heardOf) {
        boolean undecided = catalog.worker(owner.worker().id()) != null && lastHeardOf(owner) == heardOf;
        if (undecided) {
            vertx.setTimer(remoteProbeMs, timer -> settleRemote(key, challenger, owner, heardOf));
        } else {
            settle(key, challenger);
        }
    }

    private long lastHeardOf(Member owner) {
        Stored<CatalogEntry> gateway = catalog.entry(owner.gateway().key());
        return gateway == null ? -1 : gateway.offset();
    }

    private void settle(FunctionKey key, String challenger) {
        WorkerConnection local = connections.get(challenger);
        List<Member> members = catalog.members(key);
        if (local == null || members.isEmpty()) {
            return;
        }
        if (serves(members, challenger)) {
            add(key, local);
            return;
        }
        LOG.atInfo()
                .addKeyValue("function", key.id())
                .addKeyValue("worker", local.name())
                .addKeyValue("owner", members.getFirst().worker().name())
                .log("Function refused: another live worker owns it");
        local.send(new Frame.RegistrationRejected(
                ErrorCode.FUNCTION_NAMESPACE_CONFLICT.code(),
                key.namespace(),
                key.id(),
                null,
                members.getFirst().worker().id()));
        local.execute(() -> local.registrations().withdraw(key.id()));
    }

    private void announced(CatalogEntry.Worker worker) {
        if (worker.name() == null) {
            return;
        }
        for (WorkerConnection local : connections.all()) {
            CatalogEntry.Worker other = local.id().equals(worker.id()) ? null : catalog.worker(local.id());
            if (other != null
                    && other.connectedAtMs() <= worker.connectedAtMs()
                    && Catalog.sameWorker(other, worker)
                    && Objects.equals(other.pid(), worker.pid())) {
                probe(local, () -> {});
            }
        }
    }

    private void probe(WorkerConnection connection, Runnable then) {
        connection.execute(() -> connection.probe().ask().onSuccess(alive -> {
            if (!alive) {
                LOG.atInfo().addKeyValue("worker", connection.name()).log("A dead connection was replaced");
                connection.retire();
                // What waits for the owner's end goes on when the catalog shows it.
                vertx.setTimer(100, timer -> then.run());
            } else {
                then.run();
            }
        }));
    }
}
