package io.iiikafka.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.gateway.testing.RawSocket;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Channels over real sockets, on one gateway and by way of another (spec: protocol.md 8). */
class ChannelTest {

    private static final int HERE = 0x0000_00A1;
    private static final int THERE = 0xFFFF_00B2;

    /** What a close frame without a code is to those who receive it. */
    private static final int NO_CODE = 1005;

    private static final byte[] EMPTY_CLOSE = {(byte) 0x88, 0};

    private final Vertx vertx = Vertx.vertx();
    private final List<ChannelRelay> relays = new ArrayList<>();
    private ChannelRegistry registry;
    private String base;
    private String other;

    @BeforeEach
    void start() {
        start(settings(Duration.ofMinutes(5), Duration.ofSeconds(60)));
    }

    private void start(ChannelSettings settings) {
        registry = new ChannelRegistry(vertx, THERE, settings);
        base = serve(registry);
        other = serve(new ChannelRegistry(vertx, HERE, settings));
    }

    private static ChannelSettings settings(Duration unopenedLife, Duration pingSearch) {
        return new ChannelSettings(
                unopenedLife, Duration.ofMillis(50), 256 * 1024, Duration.ofMillis(10), pingSearch);
    }

    private String serve(ChannelRegistry channels) {
        ChannelRelay relay = new ChannelRelay(vertx, channels, id -> id == THERE && base != null
                ? Optional.of(base.substring("ws://".length()))
                : id == 0xDEAD ? Optional.of("127.0.0.1:1") : Optional.empty());
        relays.add(relay);
        HttpServer server = await(vertx.createHttpServer(
                        new HttpServerOptions()
                                .setReceiveBufferSize(64 * 1024)
                                .setWebSocketClosingTimeout(1)
                                .setSendBufferSize(64 * 1024)
                                .setMaxWebSocketFrameSize(1 << 24).setMaxWebSocketMessageSize(1 << 24))
                .requestHandler(new ChannelSockets(channels, relay))
                .listen(0, "127.0.0.1"));
        return "ws://127.0.0.1:" + server.actualPort();
    }

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Channel channel() {
        return registry.create(64, "creator");
    }

    private static int status(URI address) {
        return ChannelPeer.upgradeStatus(address);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void send(ChannelPeer writer, byte[] all, int frame) {
        for (int i = 0; i < all.length; i += frame) {
            writer.binary(Arrays.copyOfRange(all, i, Math.min(all.length, i + frame)));
        }
    }

    @Test
    void shouldKeepKindsBoundariesAndOrder() {
        passesThrough(base, base);
    }

    @Test
    void shouldKeepThemByWayOfAnotherGateway() {
        passesThrough(other, base);
        passesThrough(base, other);
        passesThrough(other, other);
    }

    private void passesThrough(String writerSide, String readerSide) {
        Channel channel = channel();
        try (ChannelPeer writer = ChannelPeer.open(writerSide, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.open(readerSide, channel.readerRef().toTree())) {
            writer.text("one").binary("two").text("é\u0000").binary(new byte[0]).binary("three").finish();

            assertThat(reader.closeCode()).isEqualTo(NO_CODE);
            assertThat(reader.received())
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(
                            "one", "two".getBytes(), "é\u0000", new byte[0], "three".getBytes()));
        }
        Awaitility.await().until(() -> registry.find(channel.id()) == null);
    }

    @Test
    void shouldHoldFramesUntilTheReaderComes() {
        Channel channel = channel();
        JsonNode ref = channel.readerRef().toTree();
        try (ChannelPeer writer = ChannelPeer.open(base, channel.writerRef().toTree())) {
            writer.text("early").finish();
            try (ChannelPeer reader = ChannelPeer.open(base, ref)) {
                reader.closeCode();
                assertThat(reader.received()).containsExactly("early");
            }
        }
    }

    @RepeatedTest(5)
    void shouldHoldFramesUntilTheReaderComesByWayOfAnotherGateway() {
        Channel channel = channel();
        JsonNode ref = channel.readerRef().toTree();
        try (ChannelPeer writer = ChannelPeer.open(other, channel.writerRef().toTree())) {
            writer.text("early").text("frames").finish();
            try (ChannelPeer reader = ChannelPeer.open(other, ref)) {
                reader.closeCode();
                assertThat(reader.received()).containsExactly("early", "frames");
            }
        }
    }

    @Test
    void shouldPushBackWhenTheReaderIsSlowAndLoseNothing() {
        slowReader(base, 24);
    }

    @Test
    void shouldPushBackByWayOfAnotherGateway() {
        slowReader(other, 56);
    }

    /** @param megabytes more than the sockets between writer and reader may hold, up to 10 MB each */
    private void slowReader(String side, int megabytes) {
        Channel channel = channel();
        byte[] all = random(megabytes * 1024 * 1024);
        try (ChannelPeer writer = ChannelPeer.open(side, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.openLazy(side, channel.readerRef().toTree())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(writer, all, 64 * 1024))
                    .thenRun(writer::finish);

            // Nobody reads: the writer comes to a stand long before the end.
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> !sending.isDone());
            reader.take(Long.MAX_VALUE);

            assertThat(reader.allBytes()).isEqualTo(all);
            sending.join();
        }
    }

    @Test
    void shouldAnswerPingsOfAWriterThatWaitsForItsReader() throws Exception {
        Channel channel = channel();
        try (ChannelPeer writer = ChannelPeer.open(base, channel.writerRef().toTree())) {
            for (int i = 0; i < 200; i++) {
                writer.text("waiting " + i);
            }
            assertThat(writer.ping("there?").get(5, TimeUnit.SECONDS)).isEqualTo("there?");
        }
    }

    @Test
    void shouldAnswerPingsOfAWriterThatIsHeldBack() {
        answersPingsHeldBack(false);
    }

    @Test
    void shouldAnswerPingsOfAWriterThatIsHeldBackByWayOfAnotherGateway() {
        answersPingsHeldBack(true);
    }

    /** Its pings stand behind frames that nobody takes: those are read on until a ping is met. */
    private void answersPingsHeldBack(boolean relayed) {
        start(settings(Duration.ofMinutes(5), Duration.ofMillis(800)));
        String side = relayed ? other : base;
        Channel channel = channel();
        byte[] all = random(48 * 1024 * 1024);
        try (ChannelPeer writer = ChannelPeer.open(side, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.openLazy(side, channel.readerRef().toTree())) {
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < all.length; i += 64 * 1024) {
                            writer.binary(Arrays.copyOfRange(all, i, i + 64 * 1024));
                            sent.incrementAndGet();
                        }
                    })
                    .thenRun(writer::finish);
            AtomicInteger before = new AtomicInteger();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> sent.get() > 0 && before.getAndSet(sent.get()) == sent.get());

            assertThat(writer.ping("first?")).succeedsWithin(Duration.ofSeconds(8)).isEqualTo("first?");
            assertThat(writer.ping("again?")).succeedsWithin(Duration.ofSeconds(8)).isEqualTo("again?");

            assertThat(sending).isNotDone();
            reader.take(Long.MAX_VALUE);
            assertThat(reader.allBytes()).isEqualTo(all);
            sending.join();
        }
    }

    @Test
    void shouldTakeFramesThatTheCloseFrameOvertook() throws Exception {
        start(new ChannelSettings(
                Duration.ofSeconds(60), Duration.ofMillis(50), 256 * 1024, Duration.ofSeconds(1), Duration.ofSeconds(10)));
        for (String side : List.of(base, other)) {
            Channel channel = channel();
            JsonNode reader = channel.readerRef().toTree();
            try (RawSocket writer = raw(side, channel.writerRef().toTree());
                    ChannelPeer reading = ChannelPeer.open(base, reader)) {
                writer.write(RawSocket.frame(0x81, true, "first".getBytes()));
                writer.write(concat(
                        RawSocket.frame(0x88, true, new byte[] {3, (byte) 0xE8}),
                        RawSocket.frame(0x81, true, "late".getBytes())));
                writer.write(RawSocket.frame(0x82, true, new byte[] {7}));

                assertThat(reading.closeCode()).isEqualTo(NO_CODE);
                assertThat(reading.received()).hasSize(3).startsWith("first", "late");
            }
        }
    }

    @Test
    void shouldTakeAStreamForCompleteWhenTheConnectionEndsRightAfterTheCloseFrame() throws Exception {
        Channel channel = channel();
        try (ChannelPeer reading = ChannelPeer.open(base, channel.readerRef().toTree())) {
            RawSocket writer = raw(base, channel.writerRef().toTree());
            writer.write(concat(
                    RawSocket.frame(0x81, true, "all".getBytes()), RawSocket.frame(0x88, true, new byte[0])));
            writer.close();

            assertThat(reading.closeCode()).isEqualTo(NO_CODE);
            assertThat(reading.received()).containsExactly("all");
        }
    }

    @Test
    void shouldAnswerAnEmptyCloseFrameWithAnEmptyOne() throws Exception {
        for (String side : List.of(base, other)) {
            Channel channel = channel();
            try (RawSocket writer = raw(side, channel.writerRef().toTree())) {
                writer.write(RawSocket.frame(0x88, true, new byte[0]));

                assertThat(writer.readToEnd()).endsWith(EMPTY_CLOSE);
            }
        }
    }

    @Test
    void shouldEndTheReadersStreamWithAnEmptyCloseFrame() throws Exception {
        for (String side : List.of(base, other)) {
            Channel channel = channel();
            try (RawSocket reader = raw(side, channel.readerRef().toTree());
                    ChannelPeer writer = ChannelPeer.open(base, channel.writerRef().toTree())) {
                writer.text("x").finish();

                // The engine ends the connection when it has waited long enough for an answer.
                assertThat(reader.readToEnd()).endsWith(concat(new byte[] {(byte) 0x81, 1, 'x'}, EMPTY_CLOSE));
            }
        }
    }

    private static RawSocket raw(String side, JsonNode ref) throws IOException {
        URI address = ChannelPeer.address(side, ref);
        return RawSocket.upgrade(address.getPort(), address.getPath() + "?" + address.getQuery());
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    @Test
    void shouldOpenEachEndOnce() {
        Channel channel = channel();
        JsonNode ref = channel.readerRef().toTree();
        try (ChannelPeer first = ChannelPeer.open(base, ref);
                ChannelPeer second = ChannelPeer.open(base, ref)) {
            assertThat(second.closeCode()).isEqualTo(NO_CODE);
            assertThat(first.isOpen()).isTrue();
        }
    }

    @Test
    void shouldRefuseUnknownChannelsWrongKeysAndOtherEndsKeys() throws Exception {
        Channel channel = channel();
        JsonNode reader = channel.readerRef().toTree();
        String key = reader.get("access_key").textValue();
        String path = "/ws/channels/" + channel.id();

        assertThat(status(URI.create(base + path + "?key=wrong&dir=read"))).isEqualTo(404);
        assertThat(status(URI.create(base + path + "?key=" + key + "&dir=write"))).isEqualTo(404);
        assertThat(status(URI.create(base + "/ws/channels/nope?key=" + key + "&dir=read"))).isEqualTo(404);
        assertThat(status(URI.create(other + "/ws/channels/" + channel.id().replace('f', 'e') + "?key=k&dir=read")))
                .isEqualTo(404);
        assertThat(status(URI.create(other + path + "?key=wrong&dir=read"))).isEqualTo(404);
        assertThat(status(URI.create(
                        other + "/ws/channels/0000dead-0000-4000-8000-000000000000?key=k&dir=read")))
                .isEqualTo(502);
        assertThat(status(URI.create(base + path + "?key=" + key))).isEqualTo(400);
        assertThat(status(URI.create(base + path + "?key=" + key + "&dir=both"))).isEqualTo(400);
        assertThat(status(URI.create(base + "/?token=x" + path + "?key=" + key + "&dir=read"))).isEqualTo(101);
    }

    @Test
    void shouldSayWhatIsWrongToAPlainRequest() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http" + base.substring(2) + "/ws/channels/x?key=k&dir=read"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).contains("WebSocket");
        }
    }

    @Test
    void shouldTellTheReaderWhenTheWriterIsLost() {
        lostWriter(base, base);
    }

    @Test
    void shouldTellTheReaderOfALostWriterByWayOfAnotherGateway() {
        lostWriter(other, base);
        lostWriter(base, other);
    }

    private void lostWriter(String writerSide, String readerSide) {
        Channel channel = channel();
        ChannelPeer writer = ChannelPeer.open(writerSide, channel.writerRef().toTree());
        try (ChannelPeer reader = ChannelPeer.open(readerSide, channel.readerRef().toTree())) {
            writer.text("part");
            Awaitility.await().until(() -> !reader.received().isEmpty());
            writer.cut();

            assertThat(reader.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void shouldNotLetAnUnfinishedStreamLookCompleteWhenItsGatewayStops() {
        Channel channel = channel();
        try (ChannelPeer writer = ChannelPeer.open(base, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.open(base, channel.readerRef().toTree())) {
            writer.text("half");
            Awaitility.await().until(() -> reader.received().size() == 1);

            registry.close();

            assertThat(reader.closeCode()).isEqualTo(1011);
            assertThat(writer.closeCode()).isNotEqualTo(1000);
        }
    }

    @Test
    void shouldNotLetAnUnfinishedStreamLookCompleteWhenTheWritersGatewayStops() {
        breaksOffWhenRelaysStop(other, base);
    }

    @Test
    void shouldNotLetAnUnfinishedStreamLookCompleteWhenTheGatewayOfBothEndsStops() {
        breaksOffWhenRelaysStop(other, other);
    }

    private void breaksOffWhenRelaysStop(String writerSide, String readerSide) {
        Channel channel = channel();
        try (ChannelPeer writer = ChannelPeer.open(writerSide, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.open(readerSide, channel.readerRef().toTree())) {
            writer.text("half");
            Awaitility.await().until(() -> reader.received().size() == 1);

            relays.forEach(ChannelRelay::close);

            assertThat(reader.closeCode()).isEqualTo(1011);
            assertThat(writer.closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void shouldCutTheWriterWhenTheReaderIsGone() {
        for (String side : List.of(base, other)) {
            Channel channel = channel();
            ChannelPeer reader = ChannelPeer.open(side, channel.readerRef().toTree());
            try (ChannelPeer writer = ChannelPeer.open(side, channel.writerRef().toTree())) {
                writer.text("x");
                Awaitility.await().until(() -> !reader.received().isEmpty());
                reader.cut();

                assertThat(writer.closeCode()).isNotZero();
            }
        }
    }

    @Test
    void shouldIgnoreWhatAReaderSends() {
        Channel channel = channel();
        try (ChannelPeer writer = ChannelPeer.open(base, channel.writerRef().toTree());
                ChannelPeer reader = ChannelPeer.open(base, channel.readerRef().toTree())) {
            reader.text("noise").binary("noise");
            writer.text("signal").finish();

            reader.closeCode();
            assertThat(reader.received()).containsExactly("signal");
            assertThat(writer.received()).isEmpty();
        }
    }

    @Test
    void shouldSweepWhatWasNeverFullyOpened() {
        start(settings(Duration.ofSeconds(3), Duration.ofSeconds(10)));
        Channel waitedForByReader = channel();
        Channel forgotten = channel();
        Channel inUse = channel();
        try (ChannelPeer reader = ChannelPeer.open(base, waitedForByReader.readerRef().toTree());
                ChannelPeer used = ChannelPeer.open(base, inUse.readerRef().toTree());
                ChannelPeer using = ChannelPeer.open(base, inUse.writerRef().toTree())) {
            assertThat(reader.closeCode()).isEqualTo(NO_CODE);
            Awaitility.await().until(() -> registry.find(forgotten.id()) == null);
            using.text("alive");
            Awaitility.await().until(() -> used.received().contains("alive"));
        }
    }

    @Test
    void shouldDropUnopenedChannelsOfACreatorThatLeaves() {
        Channel its = channel();
        Channel another = registry.create(64, "another");
        registry.creatorGone("creator");

        assertThat(registry.find(its.id())).isNull();
        assertThat(registry.find(another.id())).isSameAs(another);
    }
}
