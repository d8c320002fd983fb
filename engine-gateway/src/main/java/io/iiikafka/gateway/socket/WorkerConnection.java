package io.iiikafka.gateway.socket;

import java.util.UUID;

import io.iiikafka.gateway.invocation.Delivery;
import io.iiikafka.gateway.invocation.LocalWorker;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.record.Call;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker connection, from the upgrade to the end (spec: protocol.md section 2).
 *
 * <p>Its state belongs to its event loop; what other threads may call is said at each method.
 */
public final class WorkerConnection implements LocalWorker {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerConnection.class);

    private static final long DRAIN_LOOK_MS = 10;

    private final String id = UUID.randomUUID().toString();
    private final String reattachToken = UUID.randomUUID().toString();
    private final long connectedAtMs = System.currentTimeMillis();
    private final ConnectionServices services;
    private final Departed departed;
    private final WorkerSocket socket;
    private final String listener;
    private final String ipAddress;
    private final CalleeSide callee;
    private final Congestion congestion;
    private final CallerSide caller;
    private final Registrations registrations;
    private final NamespaceGrace grace;
    private final Probe probe;
    private volatile @Nullable String namespace;
    private volatile @Nullable Announcement announcement;
    private volatile boolean draining;
    private volatile boolean ended;

    WorkerConnection(
            ConnectionServices services,
            Departed departed,
            WorkerSocket socket,
            ServerWebSocket webSocket,
            String listener) {
        this.services = services;
        this.departed = departed;
        this.socket = socket;
        this.listener = listener;
        this.ipAddress = webSocket.remoteAddress().host();
        this.callee = new CalleeSide(socket, services.outcomes(), id);
        this.congestion = new Congestion(
                services.vertx(),
                socket,
                services.settings().idleTimeout(),
                services.dispatcher(),
                delivery -> callee.start(delivery, largestFrame()),
                callee::release);
        this.caller = new CallerSide(this, socket, services.invoker(), services.enqueuing(), services.settings());
        HeldCalls heldCalls = new HeldCalls(socket);
        this.registrations = new Registrations(
                this,
                services.catalogWriter(),
                services.localFunctions(),
                services.invoker(),
                heldCalls,
                services.companions(),
                services.settings());
        this.grace = new NamespaceGrace(services.vertx(), services.settings(), this::nobodyAnnounced);
        this.probe = new Probe(services.vertx(), socket, services.settings().probeTimeout());
    }

    /** Enters the connection in the registry and greets the worker. */
    void begin() {
        services.connections().add(this);
        socket.send(new Frame.WorkerRegistered(id, reattachToken));
        writeEntry();
        LOG.atDebug().addKeyValue("worker", id).addKeyValue("listener", listener).log("Worker connected");
    }

    @Override
    public String id() {
        return id;
    }

    /** Any thread. Null until it is decided. */
    public @Nullable String namespace() {
        return namespace;
    }

    @Nullable String runtime() {
        Announcement said = announcement;
        return said == null ? null : said.runtime();
    }

    /** In bytes. */
    int largestFrame() {
        return PayloadLimit.largestFrame(announcement);
    }

    @Nullable String name() {
        Announcement said = announcement;
        return said == null ? null : said.name();
    }

    CallerSide caller() {
        return caller;
    }

    CalleeSide callee() {
        return callee;
    }

    Registrations registrations() {
        return registrations;
    }

    NamespaceGrace grace() {
        return grace;
    }

    Probe probe() {
        return probe;
    }

    boolean isDraining() {
        return draining;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Whether the catalog has nothing of this connection any more, and must get nothing: nobody would take it out. */
    boolean isGone() {
        return draining || ended;
    }

    /** Any thread. Calls in which this connection is the callee. */
    @Override
    public int inFlight() {
        return callee.inFlight();
    }

    @Override
    public boolean hasCapacity() {
        return !ended && callee.inFlight() < services.settings().maxInFlight();
    }

    @Override
    public void deliver(Delivery delivery) {
        callee.reserve();
        socket.execute(() -> start(delivery));
    }

    private void start(Delivery delivery) {
        if (ended) {
            callee.release();
            services.dispatcher().giveBack(delivery);
        } else if (draining) {
            callee.release();
            services.dispatcher().giveBack(delivery);
        } else if (probe.underWay()) {
            probe.alive().onSuccess(alive -> start(delivery));
        } else {
            congestion.pass(delivery);
        }
    }

    /** Any thread. */
    public void send(Frame frame) {
        execute(() -> {
            if (!ended) {
                socket.send(frame);
            }
        });
    }

    /** Runs on the connection's event loop. Any thread. */
    public void execute(Runnable task) {
        if (socket.inEventLoop()) {
            task.run();
        } else {
            socket.execute(task);
        }
    }

    /**
     * Takes in what the worker says of itself, and decides the connection's namespace if it is open. Completes when
     * the catalog shows it.
     */
    Future<Void> announce(Announcement said) {
        announcement = merge(announcement, said);
        if (namespace == null) {
            grace.over();
            namespace = said.namespace() == null ? Call.DEFAULT_NAMESPACE : said.namespace();
        }
        Future<Void> written = writeEntry();
        registrations.release();
        return written;
    }

    /** What a later announcement leaves out stays as it was, except the version and the telemetry details. */
    private static Announcement merge(@Nullable Announcement before, Announcement now) {
        if (before == null) {
            return now;
        }
        return new Announcement(
                now.runtime() == null ? before.runtime() : now.runtime(),
                now.version(),
                now.name() == null ? before.name() : now.name(),
                now.description() == null ? before.description() : now.description(),
                now.os() == null ? before.os() : now.os(),
                now.pid() == null ? before.pid() : now.pid(),
                now.isolation() == null ? before.isolation() : now.isolation(),
                before.namespace(),
                now.telemetry(),
                now.takesLargeMessages());
    }

    private void nobodyAnnounced() {
        if (namespace == null && !ended) {
            LOG.atInfo()
                    .addKeyValue("worker", id)
                    .log("A worker registered without announcing itself; it is in namespace default now");
            namespace = Call.DEFAULT_NAMESPACE;
            writeEntry();
            registrations.release();
        }
    }

    private Future<Void> writeEntry() {
        if (isGone()) {
            return Future.succeededFuture();
        }
        Announcement said = announcement;
        return services.catalogWriter().put(new CatalogEntry.Worker(
                id,
                services.gateway(),
                namespace,
                said != null,
                said == null ? null : said.name(),
                said == null ? null : said.description(),
                said == null ? null : said.runtime(),
                said == null ? null : said.version(),
                said == null ? null : said.os(),
                said == null ? null : said.pid(),
                said == null ? null : said.isolation(),
                said == null ? null : said.telemetry(),
                ipAddress,
                connectedAtMs,
                ReattachToken.digest(reattachToken),
                listener));
    }

    /** Asks the worker to connect anew. Any thread. */
    public void restart(String reason) {
        execute(() -> socket.close(WorkerSocket.SERVICE_RESTART, reason));
    }

    /**
     * Gives up what the worker serves, so that its calls go elsewhere or wait for it to come back, and asks it to connect
     * anew as soon as nothing is in flight in either direction. Any thread.
     */
    public void drain() {
        if (draining) {
            return;
        }
        execute(() -> {
            if (ended || draining) {
                return;
            }
            draining = true;
            services.catalogWriter().remove(EntryKey.worker(id));
            registrations.removeAll();
            leaveWhenIdle();
        });
    }

    private void leaveWhenIdle() {
        if (ended) {
            return;
        }
        if (callee.inFlight() == 0 && caller.waiting() == 0) {
            socket.close(WorkerSocket.SERVICE_RESTART, "the gateway stops");
        } else {
            services.vertx().setTimer(DRAIN_LOOK_MS, timer -> socket.execute(this::leaveWhenIdle));
        }
    }

    /** Whether the token is the one that this connection was greeted with. */
    boolean isProvenBy(String token) {
        return ReattachToken.matches(token, ReattachToken.digest(reattachToken));
    }

    /** Ends the connection because its worker has a newer one. Any thread. */
    public void retire() {
        execute(() -> {
            if (!ended) {
                socket.cut();
                end(false);
            }
        });
    }

    /**
     * The connection is over: exactly once.
     *
     * @param orderly whether the worker said goodbye: then its functions are gone at once, while callers of a worker
     *     that was cut off wait a little for its return
     */
    void end(boolean orderly) {
        if (ended) {
            return;
        }
        ended = true;
        grace.over();
        services.connections().remove(this);
        String key = EntryKey.worker(id);
        if (draining) {
            LOG.atDebug().addKeyValue("worker", id).log("Worker sent away");
        } else if (orderly) {
            registrations.removeAll();
            services.catalogWriter().remove(key);
        } else {
            services.catalogWriter().remove(key);
            registrations.removeAll();
        }
        callee.stopAll();
        congestion.end().forEach(delivery -> {
            callee.release();
            services.dispatcher().giveBack(delivery);
        });
        probe.over();
        if (!orderly && caller.waiting() > 0) {
            caller.awaitSuccessor();
            departed.add(this);
        }
        LOG.atDebug().addKeyValue("worker", id).addKeyValue("orderly", orderly).log("Worker disconnected");
    }
}
