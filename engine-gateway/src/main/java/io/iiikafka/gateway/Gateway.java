package io.iiikafka.gateway;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.iiikafka.gateway.catalog.CatalogReader;
import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.catalog.GatewayLease;
import io.iiikafka.gateway.channel.ChannelRegistry;
import io.iiikafka.gateway.channel.ChannelRoom;
import io.iiikafka.gateway.engine.BuiltinWorkers;
import io.iiikafka.gateway.engine.EngineFunctions;
import io.iiikafka.gateway.engine.FunctionDirectory;
import io.iiikafka.gateway.invocation.Dispatcher;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.EventWatch;
import io.iiikafka.gateway.invocation.InvocationRoom;
import io.iiikafka.gateway.invocation.PushListener;
import io.iiikafka.gateway.invocation.RecordWriter;
import io.iiikafka.gateway.socket.ConnectionServices;
import io.iiikafka.gateway.socket.Connections;
import io.iiikafka.gateway.socket.Departed;
import io.iiikafka.gateway.socket.EnqueueAction;
import io.iiikafka.gateway.socket.Rivals;
import io.iiikafka.gateway.socket.SocketMetrics;
import io.iiikafka.gateway.socket.TriggerCompanions;
import io.iiikafka.gateway.socket.WorkerListener;
import io.iiikafka.gateway.socket.WorkersRegister;
import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.gateway.trigger.FunctionsAvailable;
import io.iiikafka.gateway.trigger.Subscriptions;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.gateway.trigger.WorkersAvailable;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.topics.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway: terminates worker connections and makes their calls records. Any number of them run beside each other.
 *
 * <p>Life: {@link #Gateway built}, extended by {@link #serve built-in trigger types}, {@link #start started},
 * {@link #close closed}; each once.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);
    private static final TriggerCompanions NO_COMPANIONS = new TriggerCompanions() {
        @Override
        public List<Future<Void>> register(CatalogEntry.Trigger trigger, Supplier<Future<Void>> write) {
            return List.of(write.get());
        }

        @Override
        public List<Future<Void>> unregister(String triggerKey, Supplier<Future<Void>> remove) {
            return List.of(remove.get());
        }
    };

    private final Vertx vertx;
    private final GatewaySettings settings;
    private final MeterRegistry meters;
    private final String id = UUID.randomUUID().toString();
    private final Catalog catalog = new Catalog();
    private final Connections connections = new Connections();
    private final RecordWriter writer;
    private final CatalogReader catalogReader;
    private final CatalogWriter catalogWriter;
    private final InvocationRoom invocations;
    private final Triggers triggers;
    private final ChannelRoom channels;
    private final List<WorkerListener> listeners = new CopyOnWriteArrayList<>();
    private final Promise<Void> slotsOwned = Promise.promise();
    /** From {@link #start} on. */
    @SuppressWarnings("NullAway.Init")
    private volatile GatewayLease lease;
    private TriggerCompanions companions = NO_COMPANIONS;
    private EnqueueAction enqueuing = EnqueueAction.NONE;
    private Supplier<Future<Void>> whenCaughtUp = Future::succeededFuture;
    private volatile boolean ready;

    public Gateway(
            Vertx vertx, Topics topics, GatewaySettings settings, MeterRegistry meters, Tracing tracing) {
        this.vertx = vertx;
        this.settings = settings;
        this.meters = meters;
        this.writer = new RecordWriter(
                settings.clientProperties(),
                List.of(
                        topics.invocations(),
                        topics.commands(),
                        topics.results(),
                        topics.catalog(),
                        topics.deliveries()),
                tracing);
        this.catalogReader = new CatalogReader(catalog, topics.catalog(), settings.clientProperties());
        this.catalogWriter = new CatalogWriter(writer, catalogReader, topics.catalog());
        this.invocations = new InvocationRoom(
                vertx,
                id,
                topics,
                writer,
                catalog,
                catalogReader,
                settings.clientProperties(),
                settings.maxInFlight(),
                settings.maxInFlightBytes(),
                settings.reconnectGrace(),
                tracing);
        this.triggers = new Triggers(catalog, catalogWriter, connections);
        this.channels = new ChannelRoom(vertx, shortId(), settings.channels(), this::workerAddress);
    }

    /** Unique to this process. */
    public String id() {
        return id;
    }

    /** The first 32 bits of the ids of channels that this gateway holds. */
    public int shortId() {
        return shortId(id);
    }

    private static int shortId(String id) {
        return (int) Long.parseLong(id.substring(0, 8), 16);
    }

    public EngineInvoker invoker() {
        return invocations.invoker();
    }

    /** What hands calls to the workers of this gateway. */
    public Dispatcher dispatcher() {
        return invocations.dispatcher();
    }

    /** Its one producer. */
    public RecordWriter records() {
        return writer;
    }

    public CatalogWriter catalogWriter() {
        return catalogWriter;
    }

    public ChannelRegistry channels() {
        return channels.registry();
    }

    /** Calls made through this gateway that wait for their outcome. */
    public int pendingCalls() {
        return invocations.pendingCalls();
    }

    public Catalog catalog() {
        return catalog;
    }

    /** Where the worker listener of the gateway with that short id is reached, as {@code host:port}. */
    public Optional<String> workerAddress(int shortId) {
        return catalog.gateways().stream()
                .filter(gateway -> gateway.shortId() == shortId)
                .map(CatalogEntry.Gateway::workerAddress)
                .findFirst();
    }

    /** Adds the functions of a keeper's room; before {@link #start}. */
    public void serve(Room room) {
        room.functions().forEach(invoker()::serve);
    }

    /**
     * Tells what becomes of events of pub/sub; before {@link #start}.
     *
     * @param mostWaiting of each subscriber whose worker is at its limit of calls in flight
     */
    public void watchEvents(int mostWaiting, EventWatch watch) {
        invocations.watchEvents(mostWaiting, watch);
    }

    /** Tells the listener of frames of stream groups; before {@link #start}. */
    public void listen(PushListener listener) {
        invocations.listen(listener);
    }

    /** Adds a built-in trigger type; before {@link #start}. */
    public void serve(BuiltinTriggerType type) {
        triggers.serve(type);
    }

    /** Has something written along with triggers; before {@link #start}. */
    public void accompany(TriggerCompanions what) {
        companions = what;
    }

    /** Has calls with the action enqueue kept; before {@link #start}. */
    public void enqueueBy(EnqueueAction action) {
        enqueuing = action;
    }

    /** Completes when this gateway's catalog has all that is in the topic now. */
    public Future<Void> refreshCatalog() {
        return catalogReader.refresh();
    }

    /** Runs the step when all of the catalog has been read, before workers can connect; before {@link #start}. */
    public void whenCaughtUp(Supplier<Future<Void>> step) {
        Supplier<Future<Void>> before = whenCaughtUp;
        whenCaughtUp = () -> before.get().compose(done -> step.get());
    }

    /** Connections that this gateway holds. */
    public Connections connections() {
        return connections;
    }

    /** The built-in type that serves such a trigger; null when a worker's would, or nobody's. Any thread. */
    public @Nullable String builtinTypeOf(CatalogEntry.Trigger trigger) {
        return triggers.builtinTypeOf(trigger);
    }

    /**
     * Joins the cluster and opens the worker listeners; gives the ports.
     *
     * @param builtinWorkers names of the engine's parts, as worker lists show them
     */
    public Future<List<Integer>> start(Collection<String> builtinWorkers) {
        FunctionDirectory functions = new FunctionDirectory(catalog, invoker());
        BuiltinWorkers builtins = new BuiltinWorkers(List.copyOf(builtinWorkers), settings.version());
        serveAvailability(functions);
        invoker().serve(new WorkersRegister(connections, settings.sockets().maxRegistrationBytes()));
        int largest = settings.sockets().maxRegistrationBytes();
        EngineFunctions.all(
                        vertx, catalog, catalogWriter, companions, connections, triggers, functions, builtins, largest)
                .forEach(invoker()::serve);
        invoker().serve(channels.create());
        catalog.listen(channels);
        catalog.listen(triggers);
        Subscriptions subscriptions = new Subscriptions(catalog, catalogWriter, connections, triggers, invoker());
        catalog.listen(subscriptions);
        catalog.listen(new Rivals(vertx, catalog, connections, invocations.localFunctions(), settings.sockets()));
        return catalogReader
                .start()
                .onSuccess(caughtUp -> subscriptions.begin())
                .compose(caughtUp -> whenCaughtUp.get())
                .compose(caughtUp -> join())
                .compose(joined -> listen())
                .onSuccess(ports -> ready = true);
    }

    private void serveAvailability(FunctionDirectory functions) {
        WorkersAvailable workers = new WorkersAvailable(id, catalog, connections, invoker());
        FunctionsAvailable available =
                new FunctionsAvailable(vertx, id, catalog, connections, invoker(), functions::allRows);
        triggers.serve(workers);
        triggers.serve(available);
        catalog.listen(workers);
        catalog.listen(available);
    }

    private Future<Void> join() {
        long now = System.currentTimeMillis();
        WorkerListener.Address first = settings.listeners().getFirst();
        lease = new GatewayLease(
                vertx,
                catalog,
                catalogWriter,
                new CatalogEntry.Gateway(
                        id,
                        shortId(),
                        List.of(),
                        settings.advertisedHost() + ":" + first.port(),
                        settings.version(),
                        now,
                        now,
                        now,
                        settings.lease().toMillis(),
                        false,
                        null),
                this::condemned,
                invocations::owes,
                invocations::answerFor);
        invocations.start(
                settings.clientProperties(), settings.instanceId(), this::slotsChanged, lease::bury, lease::renew);
        return slotsOwned.future();
    }

    private void slotsChanged(Set<Integer> slots) {
        Future<Void> written = lease.ownSlots(slots);
        if (!slots.isEmpty()) {
            written.onComplete(done -> slotsOwned.tryComplete());
        }
    }

    private Future<List<Integer>> listen() {
        lease.sweepOrphans();
        ConnectionServices services = new ConnectionServices(
                vertx,
                id,
                settings.sockets(),
                invoker(),
                enqueuing,
                invocations.dispatcher(),
                invocations.outcomes(),
                invocations.localFunctions(),
                catalog,
                catalogWriter,
                companions,
                connections);
        Departed departed = new Departed(vertx);
        SocketMetrics metrics = new SocketMetrics(meters, connections);
        for (WorkerListener.Address address : settings.listeners()) {
            listeners.add(new WorkerListener(services, departed, address, triggers, metrics, channels.sockets()));
        }
        return Future.all(listeners.stream()
                        .map(listener -> listener.listen(settings.eventLoops()))
                        .toList())
                .map(bound -> bound.<Integer>list())
                .onSuccess(ports -> lease.advertise(settings.advertisedHost() + ":" + ports.getFirst()));
    }

    /** Others took this gateway for dead and gave away what it had: its workers start afresh. */
    private void condemned() {
        connections.all().forEach(connection -> connection.restart("the gateway rejoins the cluster"));
        lease.renew();
    }

    /** Why workers cannot connect yet, or empty when they can. */
    public Optional<String> notReadyReason() {
        return ready ? Optional.empty() : Optional.of("the gateway has not joined the cluster yet");
    }

    /**
     * Leaves the cluster in order: routers avoid it, calls in flight finish, workers are asked to connect elsewhere, slots
     * are handed over.
     */
    @Override
    public void close() {
        ready = false;
        listeners.forEach(WorkerListener::drain);
        if (lease != null) {
            lease.drain();
        }
        Drain.run(connections.all(), settings.drainTimeout());
        invocations.close();
        if (lease != null) {
            lease.close();
        }
        channels.close();
        writer.flush();
        catalogReader.close();
        writer.close();
        closeListeners();
        LOG.atInfo().addKeyValue("gateway", id).log("Gateway closed");
    }

    private void closeListeners() {
        try {
            Future.join(listeners.stream().map(WorkerListener::close).toList())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("A worker listener did not close cleanly");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
