package io.iiikafka.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import io.iiikafka.gateway.admin.AdminServer;
import io.iiikafka.gateway.admin.EngineMeters;
import io.iiikafka.gateway.admin.Readiness;
import io.iiikafka.gateway.broker.BrokerSettings;
import io.iiikafka.gateway.broker.ClusterCheck;
import io.iiikafka.gateway.broker.DataDirectory;
import io.iiikafka.gateway.broker.EmbeddedBroker;
import io.iiikafka.gateway.config.EngineConfig;
import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.config.ProcessConfig;
import io.iiikafka.gateway.config.Role;
import io.iiikafka.gateway.config.TopicsConfig;
import io.iiikafka.gateway.http.HttpLimits;
import io.iiikafka.gateway.http.HttpRoom;
import io.iiikafka.gateway.kafka.KafkaParts;
import io.iiikafka.gateway.provided.ProvidedStreams;
import io.iiikafka.gateway.pubsub.PubsubMeters;
import io.iiikafka.gateway.queue.QueueMeters;
import io.iiikafka.gateway.queue.QueueParts;
import io.iiikafka.gateway.stream.StreamSockets;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.gateway.tracing.RouterSpans;
import io.iiikafka.gateway.tracing.TriggerSpans;
import io.iiikafka.topology.keeper.Keeper;
import io.iiikafka.topology.keeper.KeeperSettings;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.router.Router;
import io.iiikafka.topology.router.RouterSettings;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All parts of the engine that this process has a role for, started in the order in which they need each other: data
 * directory, admin port, broker, topics, router, keeper, gateway. Closed in the opposite order.
 */
public final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration READY_PATIENCE = Duration.ofMinutes(10);
    private static final Duration WORD_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    /** No files are served: without this a process that is killed leaves a directory for them. */
    private static final FileSystemOptions NO_FILE_CACHE =
            new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

    private final EngineConfig config;
    private final ClosingStack started = new ClosingStack();
    private final ReentrantLock starting = new ReentrantLock();
    private final Readiness readiness = new Readiness();
    /** Whether a part is not going to be ready any more. */
    private final List<BooleanSupplier> failed = new ArrayList<>();
    private final Tracing tracing = started.push(Tracing.fromEnvironment(System.getenv()));
    private volatile boolean complete;
    private @Nullable HttpRoom http;
    private OptionalInt streamPort = OptionalInt.empty();
    private Endpoints endpoints = new Endpoints("", 0, List.of(), OptionalInt.empty(), OptionalInt.empty());

    public Engine(EngineConfig config) {
        this.config = config;
    }

    /** A started engine. */
    public static Engine start(EngineConfig config) {
        Engine engine = new Engine(config);
        engine.start();
        return engine;
    }

    /**
     * Starts the engine, once, and returns when it is ready to serve. {@link #close} may come from another thread
     * meanwhile: the part that is starting is the last then.
     *
     * @throws StartupException when something stands in the way; nothing is left running then
     */
    public void start() {
        starting.lock();
        try {
            startAll();
        } catch (RuntimeException e) {
            close();
            throw e;
        } finally {
            starting.unlock();
        }
    }

    private void startAll() {
        ProcessConfig process = config.process();
        readiness.register("engine", () -> complete ? Optional.empty() : Optional.of("it is starting or stopping"));
        DataDirectory directory = started.push(DataDirectory.claim(process.dataDirectory()));
        PortCheck.requireFree(config);
        EngineMeters meters = started.push(new EngineMeters());
        Vertx vertx = startVertx(process);
        AdminServer admin = startAdmin(vertx, meters);
        String bootstrapServers = startKafka(directory);
        Map<String, Object> clients =
                EngineSettings.clientProperties(config, bootstrapServers, meters.clientProperties());
        TopicPreparation.prepare(config, clients, config.topics().provisioning());
        Topics topics = new Topics(config.topics().prefix());
        if (process.has(Role.ROUTER)) {
            startRouter(topics, clients, directory);
        }
        KeeperRooms rooms = KeeperRooms.of(config, meters.registry());
        QueueMeters jobs = new QueueMeters(meters.registry());
        if (process.has(Role.KEEPER)) {
            startKeeper(topics, clients, directory, rooms.all(), jobs);
        }
        List<Integer> workerPorts =
                process.has(Role.GATEWAY) ? startGateway(vertx, topics, clients, meters, rooms, jobs) : List.of();
        complete = true;
        awaitReady();
        endpoints = new Endpoints(
                bootstrapServers,
                admin.port(),
                workerPorts,
                http == null ? OptionalInt.empty() : OptionalInt.of(http.port()),
                streamPort);
    }

    private Vertx startVertx(ProcessConfig process) {
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(process.eventLoops())
                .setPreferNativeTransport(true)
                .setFileSystemOptions(NO_FILE_CACHE));
        started.push(() -> await(vertx.close(), "the sockets"));
        return vertx;
    }

    private AdminServer startAdmin(Vertx vertx, EngineMeters meters) {
        AdminServer admin = await(
                AdminServer.start(
                        vertx, config.admin().host(), config.admin().port(), readiness, meters.registry()),
                "the admin port");
        started.push(() -> await(admin.close(), "the admin port"));
        return admin;
    }

    private String startKafka(DataDirectory directory) {
        if (config.process().has(Role.BROKER)) {
            return started.push(EmbeddedBroker.start(new BrokerSettings(
                            directory.resolve("kafka"),
                            config.broker().port(),
                            TopicsConfig.maxRecordBytes(config.limits()))))
                    .bootstrapServers();
        }
        String servers = config.kafka().bootstrapServers().orElseThrow();
        ClusterCheck.requireListening(servers);
        return servers;
    }

    private void startRouter(Topics topics, Map<String, Object> clients, DataDirectory directory) {
        Router router = started.push(Router.start(
                topics,
                new RouterSettings(
                        clients,
                        config.process().routerThreads(),
                        directory.resolve("streams"),
                        EngineSettings.instanceId(config)),
                RouterSpans.of(tracing)));
        readiness.register("router", router::notReadyReason);
        failed.add(router::hasFailed);
    }

    private void startKeeper(
            Topics topics, Map<String, Object> clients, DataDirectory directory, List<Room> rooms, JobWatch watch) {
        Keeper keeper = started.push(Keeper.start(
                topics,
                new KeeperSettings(
                        clients,
                        rooms,
                        config.process().keeperThreads(),
                        config.keeper().standbys(),
                        config.keeper().memoryBytes(),
                        TopicsConfig.maxRecordBytes(config.limits()),
                        directory.resolve("streams"),
                        EngineSettings.instanceId(config)),
                TriggerSpans.of(tracing),
                watch));
        readiness.register("keeper", keeper::notReadyReason);
        failed.add(keeper::hasFailed);
    }

    private List<Integer> startGateway(
            Vertx vertx,
            Topics topics,
            Map<String, Object> clients,
            EngineMeters meters,
            KeeperRooms rooms,
            JobWatch jobs) {
        Gateway gateway = new Gateway(vertx, topics, EngineSettings.gateway(config, clients), meters.registry(), tracing);
        started.push(gateway);
        rooms.serve(vertx, gateway, meters.registry());
        gateway.watchEvents(config.pubsub().subscriberBuffer(), new PubsubMeters(meters.registry()));
        started.push(KafkaParts.serve(
                vertx, gateway, rooms.queues(), topics, clients, config.kafkaTriggers().formats()));
        QueueParts.Sharing sharing = new QueueParts.Sharing(
                rooms.queues(), topics, clients, TopicsConfig.maxRecordBytes(config.limits()), jobs);
        started.push(QueueParts.serve(vertx, gateway, sharing, config.queues(), tracing));
        ProvidedStreams provided = ProvidedStreams.serve(
                vertx, gateway.invoker(), gateway.catalog(), rooms.streams(), config.streams().provided());
        StreamSockets sockets = new StreamSockets(
                vertx, config.streams().socket(), gateway, rooms.streams(), provided, meters.registry());
        readiness.register("gateway", gateway::notReadyReason);
        config.http().ifPresent(settings -> openHttp(vertx, settings, gateway, meters));
        List<String> parts = new ArrayList<>(List.of(
                "iii-engine-functions", "iii-queue", "iii-state", "iii-stream", "iii-pubsub", "iii-cron", "iii-kafka"));
        if (http != null) {
            parts.add(1, "iii-http");
        }
        List<Integer> ports = await(gateway.start(parts), "the gateway");
        HttpRoom rest = http;
        if (rest != null) {
            await(rest.listen(), "the REST port");
            started.push(() -> await(rest.close(), "the REST port"));
        }
        if (config.streamPort()) {
            streamPort = OptionalInt.of(await(sockets.listen(config.process().eventLoops()), "the stream port"));
            started.push(() -> await(sockets.close(), "the stream port"));
        }
        return ports;
    }

    /** Routes are learnt before the gateway is ready, requests taken after. */
    private void openHttp(Vertx vertx, HttpConfig settings, Gateway gateway, EngineMeters meters) {
        http = new HttpRoom(
                vertx,
                settings,
                HttpLimits.of(config.limits().maxPayloadBytes()),
                gateway.invoker(),
                gateway.channels(),
                meters.registry(),
                tracing.openTelemetry(),
                config.process().eventLoops());
        gateway.serve(http.triggerType());
    }

    /** Large stores that are read from Kafka again take minutes, and to give up early would lose what was read. */
    private void awaitReady() {
        long deadline = System.nanoTime() + READY_PATIENCE.toNanos();
        long word = System.nanoTime() + WORD_EVERY.toNanos();
        while (!readiness.reasons().isEmpty()) {
            started.requireWanted();
            if (failed.stream().anyMatch(BooleanSupplier::getAsBoolean) || System.nanoTime() - deadline > 0) {
                throw new StartupException("not ready: " + readiness.reasons());
            }
            if (System.nanoTime() - word > 0) {
                LOG.info("Not ready yet: {}", readiness.reasons());
                word += WORD_EVERY.toNanos();
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted", e);
        }
    }

    private static <T> T await(Future<T> future, String what) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = requireNonNull(e.getCause());
            throw cause instanceof StartupException known
                    ? known
                    : new StartupException(what + " did not start or stop: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new StartupException(what + " did not start or stop within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted", e);
        }
    }

    public Endpoints endpoints() {
        return endpoints;
    }

    /** Becomes unready, lets calls finish, and closes everything. */
    @Override
    public void close() {
        complete = false;
        LOG.debug("Stopping");
        started.end();
        starting.lock(); // parts are not closed below one that starts on them
        try {
            started.close();
        } finally {
            starting.unlock();
        }
    }
}
