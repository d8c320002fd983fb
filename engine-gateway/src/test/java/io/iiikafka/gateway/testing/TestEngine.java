package io.iiikafka.gateway.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.GatewaySettings;
import io.iiikafka.gateway.KeeperRooms;
import io.iiikafka.gateway.channel.ChannelSettings;
import io.iiikafka.gateway.config.HttpConfig;
import io.iiikafka.gateway.http.HttpLimits;
import io.iiikafka.gateway.http.HttpRoom;
import io.iiikafka.gateway.kafka.ConfiguredDeserializer;
import io.iiikafka.gateway.kafka.KafkaParts;
import io.iiikafka.gateway.provided.ProvidedSettings;
import io.iiikafka.gateway.provided.ProvidedStreams;
import io.iiikafka.gateway.pubsub.PubsubMeters;
import io.iiikafka.gateway.queue.QueueMeters;
import io.iiikafka.gateway.queue.QueueParts;
import io.iiikafka.gateway.socket.SocketSettings;
import io.iiikafka.gateway.socket.WorkerListener;
import io.iiikafka.gateway.stream.StreamSocketSettings;
import io.iiikafka.gateway.stream.StreamSockets;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.gateway.tracing.RouterSpans;
import io.iiikafka.gateway.tracing.TriggerSpans;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.keeper.Keeper;
import io.iiikafka.topology.keeper.KeeperSettings;
import io.iiikafka.topology.keeper.cron.CronRoom;
import io.iiikafka.topology.keeper.cron.CronWatch;
import io.iiikafka.topology.keeper.pubsub.PubsubRoom;
import io.iiikafka.topology.keeper.pubsub.PubsubSettings;
import io.iiikafka.topology.keeper.pubsub.PubsubWatch;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.keeper.state.StateRoom;
import io.iiikafka.topology.keeper.state.StateSettings;
import io.iiikafka.topology.keeper.stream.ReplayRule;
import io.iiikafka.topology.keeper.stream.ReplaySettings;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.keeper.stream.StreamSettings;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.router.Router;
import io.iiikafka.topology.router.RouterSettings;
import io.iiikafka.topology.topics.TopicPlan;
import io.iiikafka.topology.topics.TopicProvisioner;
import io.iiikafka.topology.topics.TopicSettings;
import io.iiikafka.topology.topics.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A router, a keeper and gateways in this process, on the shared broker, under topics of their own. */
public final class TestEngine implements AutoCloseable {

    private static final HttpConfig HTTP = new HttpConfig(
            "127.0.0.1",
            0,
            Duration.ofSeconds(30),
            Optional.empty(),
            1024,
            List.of(),
            OptionalLong.empty(),
            false,
            "x-request-id",
            false,
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            OptionalLong.empty(),
            false);

    /** How long calls of a stream wait for the worker that keeps it, and for its return. */
    private static final ProvidedSettings PROVIDED =
            new ProvidedSettings(Duration.ofSeconds(3), Duration.ofSeconds(6));

    /** Settings like the product's, on any free port. */
    public static final StreamSocketSettings STREAMS = new StreamSocketSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            false,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            false,
            List.of(),
            false,
            OptionalInt.empty(),
            1000,
            256,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));

    /** The product's, but of streams whose names begin with {@code few/} the last ten events are kept. */
    private static final StreamSettings STREAMS_KEPT = new StreamSettings(
            StreamSettings.DEFAULT.maxPayloadBytes(),
            new ReplaySettings(
                    ReplayRule.DEFAULT,
                    List.of(new ReplaySettings.Named("few/*", new ReplayRule(true, 0, 10, 1_000))),
                    ReplaySettings.DEFAULT.consumerGroupTtlMs()),
            StreamSettings.DEFAULT.triggerPayload(),
            StreamSettings.DEFAULT.presenceContexts());

    private static final PubsubSettings PUBSUB =
            new PubsubSettings(3_600_000, 1_000, 16 * 1024 * 1024, 16L * 1024 * 1024);

    /** So many events wait for a subscriber whose worker is at its limit. */
    public static final int SUBSCRIBER_BUFFER = 10;

    private StreamSocketSettings streamSettings = STREAMS;
    private Duration subscriptionExpiry = Duration.ofDays(7);

    /** The one named queue that is configured, beside {@code default}. */
    private static final Map<String, QueueSettings> QUEUES = Map.of(
            "payments",
            new QueueSettings(
                    false, null, 4, 3, 50, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of("non_retryable"), null, null,
                    null, null, false, 0));

    private static final int MAX_RECORD = 33 * 1024 * 1024;
    static final int PARTITIONS = 2;
    static final int SLOTS = 6;

    private final Topics topics = new Topics(TestBroker.freshPrefix());
    private final SocketSettings sockets;
    private final Router router;
    private final KeeperRooms rooms;
    private Keeper keeper;
    private final Path keeperDirectory = TestBroker.freshDirectory();
    private final List<AutoCloseable> closeables = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry keeperMeters = new SimpleMeterRegistry();
    private final QueueMeters queueMeters = new QueueMeters(keeperMeters);
    private final TestGateway first;

    /** One gateway of a test engine, with its worker port and its REST port. */
    public record TestGateway(
            Gateway gateway, int port, Vertx vertx, HttpRoom http, StreamSockets streams, SimpleMeterRegistry meters) {

        public String url() {
            return "ws://127.0.0.1:" + port;
        }
    }

    private final Tracing tracing;
    private boolean isShared;

    private TestEngine(SocketSettings sockets, Tracing tracing, StateSettings state) {
        this.rooms = new KeeperRooms(
                new StateRoom(state),
                new StreamRoom(STREAMS_KEPT),
                new QueueRoom(),
                new PubsubRoom(PUBSUB, PubsubWatch.NONE),
                new CronRoom(PARTITIONS, CronWatch.NONE));
        this.sockets = sockets;
        this.tracing = tracing;
        createTopics();
        this.router = Router.start(
                topics,
                new RouterSettings(TestBroker.clientProperties(), 1, TestBroker.freshDirectory(), null),
                RouterSpans.of(tracing));
        this.keeper = startKeeper();
        this.first = addGateway();
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> router.notReadyReason().isEmpty() && keeper.notReadyReason().isEmpty());
    }

    public static TestEngine start() {
        return start(sockets());
    }

    /** One with the usual settings for all tests of this JVM that use names of their own; to close it does nothing. */
    public static TestEngine shared() {
        return Shared.ENGINE;
    }

    private static final class Shared {

        static final TestEngine ENGINE = start();

        static {
            ENGINE.isShared = true;
            TestBroker.beforeItStops(ENGINE::end);
        }
    }

    public static TestEngine start(SocketSettings sockets) {
        return start(sockets, Tracing.OFF);
    }

    public static TestEngine start(SocketSettings sockets, Tracing tracing) {
        return new TestEngine(sockets, tracing, StateSettings.DEFAULT);
    }

    public static TestEngine start(StateSettings state) {
        return new TestEngine(sockets(), Tracing.OFF, state);
    }

    /** As in the product it has a name, by which the one that follows takes its place without waiting for its session to end. */
    private Keeper startKeeper() {
        return Keeper.start(
                topics,
                new KeeperSettings(
                        TestBroker.clientProperties(),
                        rooms.all(),
                        1,
                        0,
                        32L * 1024 * 1024,
                        MAX_RECORD,
                        keeperDirectory,
                        "keeper"),
                TriggerSpans.of(tracing),
                queueMeters);
    }

    /** Stops the keeper and starts another one. */
    public void restartKeeper(boolean keepingItsFiles) {
        keeper.close();
        Keeper next = startKeeperAgain(keepingItsFiles);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> next.notReadyReason().isEmpty());
    }

    /** Starts another keeper after one that was stopped; does not wait until it is ready. */
    public Keeper startKeeperAgain(boolean withItsFiles) {
        if (!withItsFiles) {
            TestBroker.delete(keeperDirectory);
        }
        keeper = startKeeper();
        return keeper;
    }

    /** Settings like the product's, with shorter timers. */
    public static SocketSettings sockets() {
        return new SocketSettings(
                17 * 1024 * 1024,
                16 * 1024 * 1024,
                1024 * 1024,
                32L * 1024 * 1024,
                4096,
                10_000,
                20_000,
                32L * 1024 * 1024,
                Duration.ofSeconds(2),
                Duration.ofMillis(300),
                Duration.ofSeconds(15),
                Duration.ofSeconds(50),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1));
    }

    private void createTopics() {
        try (Admin admin = TestBroker.admin()) {
            new TopicProvisioner(admin)
                    .createMissing(TopicPlan.of(new TopicSettings(
                            topics, PARTITIONS, SLOTS, 1, MAX_RECORD, Duration.ofHours(1), TopicSettings.UNBOUNDED,
                            Duration.ofHours(1))));
        }
    }

    public TestGateway addGateway() {
        return addGateway(0);
    }

    /** A further gateway of the same cluster with those stream sockets. */
    public TestGateway addGateway(StreamSocketSettings sockets) {
        streamSettings = sockets;
        try {
            return addGateway(0);
        } finally {
            streamSettings = STREAMS;
        }
    }

    /** A further gateway of the same cluster, which ends subscriptions that were without a trigger for so long. */
    public TestGateway addGateway(Duration expiryOfSubscriptions) {
        Duration before = subscriptionExpiry;
        subscriptionExpiry = expiryOfSubscriptions;
        try {
            return addGateway(0);
        } finally {
            subscriptionExpiry = before;
        }
    }

    /** A further gateway of the same cluster, on the port. */
    public TestGateway addGateway(int port) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Gateway gateway = new Gateway(vertx, topics, settings(port), meters, tracing);
        HttpRoom http = new HttpRoom(
                vertx,
                HTTP,
                HttpLimits.of(sockets.maxPayloadBytes()),
                gateway.invoker(),
                gateway.channels(),
                meters,
                tracing.openTelemetry(),
                2);
        gateway.serve(http.triggerType());
        rooms.serve(vertx, gateway, meters);
        gateway.watchEvents(SUBSCRIBER_BUFFER, new PubsubMeters(meters));
        KafkaParts kafka = KafkaParts.serve(
                vertx,
                gateway,
                rooms.queues(),
                topics,
                TestBroker.clientProperties(),
                Map.of("reversed", new ConfiguredDeserializer(ReversedText.class.getName(), Map.of())));
        QueueParts.Sharing sharing =
                new QueueParts.Sharing(rooms.queues(), topics, TestBroker.clientProperties(), 1024 * 1024, queueMeters);
        QueueParts queues =
                QueueParts.serve(vertx, gateway, sharing, QUEUES, QueueSettings.DEFAULT, subscriptionExpiry, tracing);
        ProvidedStreams provided =
                ProvidedStreams.serve(vertx, gateway.invoker(), gateway.catalog(), rooms.streams(), PROVIDED);
        StreamSockets sockets = new StreamSockets(vertx, streamSettings, gateway, rooms.streams(), provided, meters);
        try {
            List<Integer> ports = gateway.start(List.of("iii-engine-functions"))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
            closeables.addFirst(vertx::close);
            closeables.addFirst(gateway);
            closeables.addFirst(kafka);
            closeables.addFirst(queues);
            http.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            sockets.listen(2).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            return new TestGateway(gateway, ports.getFirst(), vertx, http, sockets, meters);
        } catch (Exception e) {
            throw new IllegalStateException("the gateway did not start", e);
        }
    }

    private GatewaySettings settings(int port) {
        Map<String, Object> clients = TestBroker.clientProperties();
        return new GatewaySettings(
                clients,
                null,
                "test",
                "127.0.0.1",
                List.of(new WorkerListener.Address("iii-worker-manager", "127.0.0.1", port, Duration.ofSeconds(5))),
                sockets,
                ChannelSettings.DEFAULT,
                20_000,
                24L * 1024 * 1024,
                Duration.ofSeconds(6),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                2);
    }

    /** Puts the entry into the catalog, and waits until the first gateway has it. */
    public void put(CatalogEntry entry) {
        write(entry.key(), EntryCodec.encode(entry));
    }

    /** Takes the entry of that key out of the catalog, as another gateway may, and waits until the first gateway has seen it. */
    public void remove(String key) {
        write(key, null);
    }

    private void write(String key, byte @Nullable [] value) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                TestBroker.clientProperties(), new StringSerializer(), new ByteArraySerializer())) {
            long offset = producer.send(new ProducerRecord<>(
                            topics.catalog(), key, value))
                    .get(10, TimeUnit.SECONDS)
                    .offset();
            if (!first.gateway().catalog().awaitPosition(offset + 1, 10_000)) {
                throw new IllegalStateException("the catalog did not follow");
            }
        } catch (Exception e) {
            throw new IllegalStateException("the entry was not written", e);
        }
    }

    /** What the keeper counts, and gateways of the jobs that they run. */
    public SimpleMeterRegistry keeperMeters() {
        return keeperMeters;
    }

    public Topics topics() {
        return topics;
    }

    public TestGateway gateway() {
        return first;
    }

    /** A worker connection that has not said anything yet. */
    public RawWorker connect() {
        return RawWorker.connect(first.url());
    }

    /** A worker connection that has announced itself by that name. */
    public RawWorker worker(String name) {
        return worker(first, name);
    }

    public RawWorker worker(TestGateway gateway, String name) {
        return RawWorker.connect(gateway.url()).announce(name);
    }

    /** Leaves the routing to other processes. */
    public void stopRouter() {
        router.close();
    }

    /** Leaves state and the like to other processes. */
    public void stopKeeper() {
        keeper.close();
    }

    /** Waits until the first gateway knows a live worker of the function: one that connected may still be registering. */
    public void awaitServed(String functionId) {
        awaitServed(functionId, 1);
    }

    /** As {@link #awaitServed(String)}, by exactly that many workers. */
    public void awaitServed(String functionId, int workers) {
        FunctionKey function = new FunctionKey(Call.DEFAULT_NAMESPACE, functionId);
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> first.gateway().catalog().members(function).size() == workers);
    }

    @Override
    public void close() {
        if (!isShared) {
            end();
        }
    }

    private void end() {
        for (AutoCloseable closeable : closeables) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        Stream.<Runnable>of(keeper::close, router::close).parallel().forEach(Runnable::run); // each waits for its consumers
    }
}
