package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Call;
import io.iiikafka.sdk.Channel;
import io.iiikafka.sdk.ChannelReader;
import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.ChannelWriter;
import io.iiikafka.sdk.FunctionHandler;
import io.iiikafka.sdk.FunctionOptions;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.TriggerTypeHandler;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerListener.Kind;
import io.iiikafka.sdk.WorkerListener.Rejection;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

/** The worker: puts the parts together and keeps their common life. */
public final class WorkerSession implements Worker {

    private static final Logger LOG = System.getLogger(WorkerSession.class.getName());

    private static final Duration CLOSE_FRAME_PATIENCE = Duration.ofSeconds(2);

    private final WorkerOptions options;
    private final Json json;
    private final PendingCalls pending = new PendingCalls();
    private final Registrations registrations = new Registrations();
    private final InFlight inFlight = new InFlight();
    private final Link link;
    private final Inbound inbound;
    private final Sockets sockets;
    private final Supervisor supervisor;

    private final AtomicBoolean closing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Frame.@Nullable WorkerRegistered identity;
    private volatile CompletableFuture<String> registered = new CompletableFuture<>();
    private final CountDownLatch identified = new CountDownLatch(1);

    /** Of the connection before the current one. Only used by the supervisor's thread. */
    private Frame.@Nullable WorkerRegistered previous;

    private @Nullable Thread shutdownHook;

    private WorkerSession(List<URI> addresses, WorkerOptions options) {
        this.options = options;
        this.json = new Json(options.objectMapper());
        this.link = new Link(options.maxQueuedFrames(), this::stillWanted, this::lost);
        this.inbound = new Inbound(
                link, pending, registrations, inFlight, new Tracing(options.openTelemetry()), new EngineEvents());
        this.sockets = new Sockets(options);
        this.supervisor = new Supervisor(List.copyOf(addresses), options, sockets, new ConnectionEvents());
    }

    public static Worker start(List<URI> addresses, WorkerOptions options) {
        WorkerSession session = new WorkerSession(addresses, options);
        Thread.ofPlatform().name("iii-worker " + options.name()).daemon(!options.keepAlive()).start(session.supervisor);
        if (options.keepAlive()) {
            session.shutdownHook = Thread.ofPlatform().name("iii-worker-close").unstarted(session::closeOnce);
            Runtime.getRuntime().addShutdownHook(session.shutdownHook);
        }
        return session;
    }

    @Override
    public <I, O> Registration function(
            String id,
            FunctionOptions function,
            Class<I> input,
            Class<O> output,
            FunctionHandler.WithInvocation<? super I, ? extends @Nullable O> handler) {
        if (id.isBlank()) {
            throw new IllegalArgumentException("function id is blank: name it, like orders::validate");
        }
        FunctionRunner runner = FunctionRunner.of(json, input, handler, threads(id, function));
        Frame.RegisterFunction frame = new Frame.RegisterFunction(
                id,
                function.description(),
                function.requestFormat(),
                function.responseFormat(),
                function.metadata(),
                null);
        link.register(() -> registrations.addFunction(frame, runner), frame);
        return registration(
                id,
                () -> link.unregister(
                        gone -> registrations.removeFunction(id, runner), new Frame.UnregisterFunction(id)));
    }

    private static Executor threads(String functionId, FunctionOptions function) {
        Thread.Builder.OfVirtual threads = Thread.ofVirtual().name(functionId);
        return function.inOrder() ? Executors.newSingleThreadExecutor(threads.factory()) : threads::start;
    }

    @Override
    public Registration bind(Trigger trigger) {
        Frame.RegisterTrigger frame = new Frame.RegisterTrigger(
                trigger.id(),
                trigger.type(),
                trigger.functionId(),
                trigger.config(),
                trigger.metadata(),
                trigger.namespace(),
                trigger.triggerNamespace());
        link.register(() -> registrations.addTrigger(frame), frame);
        return registration(
                frame.id(),
                () -> link.unregister(
                        gone -> registrations.removeTrigger(frame), Registrations.unregister(frame)));
    }

    @Override
    public Registration triggerType(String id, String description, TriggerTypeHandler handler) {
        TriggerTypeProvider provider = new TriggerTypeProvider(handler, link);
        Frame.RegisterTriggerType frame = new Frame.RegisterTriggerType(id, description, null, null, null);
        link.register(() -> registrations.addTriggerType(frame, provider), frame);
        return registration(
                id,
                () -> link.unregister(
                        gone -> registrations.removeTriggerType(id, provider), new Frame.UnregisterTriggerType(id)));
    }

    private static Registration registration(String id, Runnable unregister) {
        return new Registration() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public void unregister() {
                unregister.run();
            }
        };
    }

    @Override
    public Call call(String functionId) {
        return new CallRequest(link, pending, json, functionId, options.callTimeout());
    }

    @Override
    public RawJson write(@Nullable Object value) {
        try {
            RawJson written = json.write(value);
            return written == null ? RawJson.NULL : written;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("value cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public <T> @Nullable T read(RawJson value, Class<T> type) {
        try {
            return json.read(value, type);
        } catch (IOException e) {
            throw new InvocationException(
                    "deserialization_error", "value is not a " + type.getSimpleName() + ": " + e.getMessage());
        }
    }

    @Override
    public Channel createChannel() {
        Channel channel = trigger("engine::channels::create", RawJson.EMPTY_OBJECT, Channel.class);
        if (channel == null) {
            throw new InvocationException("channel_not_created", "the engine made no channel");
        }
        return channel;
    }

    @Override
    public ChannelReader openReader(ChannelRef ref) throws IOException {
        return ChannelSocketReader.open(sockets, supervisor.address(), ref);
    }

    @Override
    public ChannelWriter openWriter(ChannelRef ref) throws IOException {
        return ChannelSocketWriter.open(sockets, supervisor.address(), ref);
    }

    @Override
    public @Nullable String id() {
        Frame.WorkerRegistered current = identity;
        return current == null ? null : current.workerId();
    }

    @Override
    public boolean isConnected() {
        return link.isAttached();
    }

    @Override
    public void awaitConnected(Duration timeout) throws TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        if (!link.awaitAttached(timeout) || !identified.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("not connected to " + shownAddress() + " within " + timeout);
        }
    }

    private URI shownAddress() {
        return Sockets.withoutQuery(supervisor.address());
    }

    @Override
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        closeOnce();
        Thread hook = shutdownHook;
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process is ending; the hook finds that all is done.
            }
        }
    }

    private void closeOnce() {
        if (!closing.compareAndSet(false, true)) {
            if (!inFlight.isHandler()) {
                awaitQuietly();
            }
            return;
        }
        supervisor.stop();
        // Who is interrupted waits for no handlers, but says good-bye all the same.
        boolean interrupted = Thread.interrupted();
        try {
            interrupted |= !drain(interrupted ? Duration.ZERO : options.closeTimeout());
            link.end();
            pending.failAll(new ErrorBody(InvocationException.SHUTDOWN, "the worker was closed"));
            link.closeConnection(CLOSE_FRAME_PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            sockets.close();
            closed.countDown();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Lets what is going on come to its end; false if interrupted meanwhile. */
    private boolean drain(Duration patience) {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
        if (!link.takeBack(registrations, deadline - System.nanoTime())) {
            supervisor.abort("the engine does not read");
        }
        try {
            inFlight.awaitOthers(deadline - System.nanoTime());
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void awaitQuietly() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Calls that have timed out while they waited for a connection need not be sent. */
    private boolean stillWanted(Frame frame) {
        return !(frame instanceof Frame.InvokeFunction call)
                || call.invocationId() == null
                || pending.isWaiting(call.invocationId());
    }

    private void lost(Frame.InvokeFunction call, ErrorBody why) {
        if (call.invocationId() != null) {
            pending.fail(call.invocationId(), call.functionId(), why);
        }
    }

    private final class ConnectionEvents implements Supervisor.Events {

        @Override
        public Connection newConnection(WebSocket<Frame> socket) {
            previous = identity;
            registered = new CompletableFuture<>();
            Connection connection = new Connection(socket, inbound::message);
            connection.start();
            return connection;
        }

        @Override
        public void connected(Connection connection) {
            List<Frame> greeting = new ArrayList<>();
            if (previous != null) {
                greeting.add(new Frame.Reattach(previous.workerId(), previous.reattachToken()));
            }
            greeting.add(Announcement.of(options));
            link.attach(connection, greeting, registrations);
            LOG.log(Level.INFO, "worker {0} connected to {1}", options.name(), shownAddress());
            registered.thenAcceptAsync(options.listener()::connected, Thread::startVirtualThread);
        }

        @Override
        public void disconnected(Connection connection) {
            link.detach(connection);
            String reason = connection.closeReason();
            LOG.log(Level.INFO, "worker {0} disconnected: {1}", options.name(), reason);
            Thread.startVirtualThread(() -> options.listener().disconnected(reason));
        }
    }

    /** On the reading thread: what takes time goes elsewhere. */
    private final class EngineEvents implements Inbound.Events {

        @Override
        public void workerRegistered(Frame.WorkerRegistered current) {
            identity = current;
            identified.countDown();
            registered.complete(current.workerId());
        }

        @Override
        public void rejected(Rejection rejection) {
            Thread.startVirtualThread(() -> {
                LOG.log(
                        Level.WARNING,
                        "the engine rejected {0} {1}: {2}: {3}",
                        rejection.kind().name().toLowerCase(Locale.ROOT),
                        rejection.id(),
                        rejection.error().code(),
                        rejection.error().message());
                try {
                    options.listener().rejected(rejection);
                } finally {
                    if (rejection.kind() == Kind.WORKER) {
                        close();
                    }
                }
            });
        }
    }
}
