package io.iiikafka.sdk.internal.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

@Timeout(30)
class FramingTest {

    private static final int FINAL = RawServer.FINAL;
    private static final int LIMIT = 2 * 1024 * 1024;

    private final Dialer dialer = new Dialer(null, Duration.ofSeconds(10), LIMIT);
    private final Heard heard = new Heard();
    private RawServer server;
    private WebSocket<String> socket;

    @BeforeEach
    void open() throws Exception {
        server = new RawServer();
        CompletableFuture<RawServer> serving = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                serving.complete(server.open());
            } catch (Exception e) {
                serving.completeExceptionally(e);
            }
        });
        socket = dialer.open(server.address(), UpgradeHeaders.NONE);
        serving.get(5, TimeUnit.SECONDS);
        socket.start(heard, Thread.ofPlatform().daemon().factory());
    }

    @AfterEach
    void close() throws Exception {
        dialer.close();
        server.close();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 125, 126, 127, 65_535, 65_536, 131_072, 1 << 20})
    void shouldCarryMessagesOfAnySizeBothWays(int size) throws Exception {
        byte[] payload = bytes(size);

        Thread sender = Thread.startVirtualThread(() -> {
            socket.sendBinary("a", payload, 0, size);
            socket.sendText("b", "é".getBytes(StandardCharsets.UTF_8));
        });
        RawServer.Received received = server.receive();
        assertThat(received.head()).isEqualTo(FINAL | Opcode.BINARY);
        assertThat(received.masked()).isTrue();
        assertThat(received.shortLength()).isEqualTo(size < 126 ? size : size < 65_536 ? 126 : 127);
        assertThat(received.payload()).isEqualTo(payload);
        assertThat(server.receive().text()).isEqualTo("é");
        sender.join();

        server.sendFrame(FINAL | Opcode.BINARY, payload);
        server.sendText("é");
        assertThat(heard.next()).isEqualTo(payload);
        assertThat(heard.next()).isEqualTo("é");
    }

    @Test
    void shouldSendAPartOfAnArray() throws Exception {
        socket.sendBinary("a", new byte[] {9, 1, 2, 9}, 1, 2);

        assertThat(server.receive().payload()).containsExactly(1, 2);
    }

    @Test
    void shouldPutFragmentsTogetherAndAnswerPingsBetweenThem() throws Exception {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        server.sendFrame(Opcode.TEXT, Arrays.copyOf(euro, 1));
        server.sendFrame(FINAL | Opcode.PING, new byte[] {1, 2, 3});
        server.sendFrame(Opcode.CONTINUATION, new byte[0]);
        server.sendFrame(FINAL | Opcode.PONG, new byte[0]);
        RawServer.Received pong = server.receive();
        server.sendFrame(FINAL | Opcode.CONTINUATION, Arrays.copyOfRange(euro, 1, 3));

        assertThat(heard.next()).isEqualTo("€");
        assertThat(pong.head()).isEqualTo(FINAL | Opcode.PONG);
        assertThat(pong.masked()).isTrue();
        assertThat(pong.payload()).containsExactly(1, 2, 3);
    }

    @Test
    void shouldPutManyFragmentsTogether() throws Exception {
        byte[] payload = bytes(300_000);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < payload.length; i += 100) {
            int head = i == 0 ? Opcode.BINARY : i + 100 < payload.length ? Opcode.CONTINUATION : FINAL;
            frames.writeBytes(RawServer.frame(head, Arrays.copyOfRange(payload, i, i + 100)));
        }
        server.send(frames.toByteArray());

        assertThat(heard.next()).isEqualTo(payload);
    }

    @Test
    void shouldReadTheSameHoweverTheBytesArrive() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        byte[][] messages = new byte[40][];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = bytes(random.nextInt(random.nextBoolean() ? 40 : 100_000));
            frames.writeBytes(last(Opcode.BINARY, messages[i]));
        }
        byte[] all = frames.toByteArray();
        Thread pump = Thread.startVirtualThread(() -> {
            try {
                for (int from = 0; from < all.length;) {
                    int to = Math.min(all.length, from + 1 + random.nextInt(random.nextBoolean() ? 5 : 50_000));
                    server.send(Arrays.copyOfRange(all, from, to));
                    from = to;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        for (byte[] message : messages) {
            assertThat(heard.next()).as("seed %d", seed).isEqualTo(message);
        }
        pump.join();
    }

    static Stream<Arguments> violations() {
        byte[] one = {1};
        byte[] badText = {'a', (byte) 0xC3, 'b'};
        return Stream.of(
                arguments("reserved bits", last(0x40 | Opcode.TEXT, one), 1002),
                arguments("a masked frame", new byte[] {(byte) (FINAL | 1), (byte) 0x81, 0, 0, 0, 0, 'x'}, 1002),
                arguments("an unknown data frame", last(3, one), 1002),
                arguments("an unknown control frame", last(11, one), 1002),
                arguments("a control frame in fragments", RawServer.frame(Opcode.PING, one), 1002),
                arguments("a long control frame", last(Opcode.PING, new byte[126]), 1002),
                arguments("a continuation of nothing", last(Opcode.CONTINUATION, one), 1002),
                arguments("a negative length", new byte[] {(byte) 0x82, 127, -1, 0, 0, 0, 0, 0, 0, 0}, 1002),
                arguments("a close frame of one byte", last(Opcode.CLOSE, one), 1002),
                arguments("a close code that is none", last(Opcode.CLOSE, new byte[] {3, -19}), 1002),
                arguments("a bad reason", last(Opcode.CLOSE, new byte[] {3, -24, -1}), 1007),
                arguments("text that is not UTF-8", last(Opcode.TEXT, badText), 1007),
                arguments("text cut inside a letter", last(Opcode.TEXT, new byte[] {-30, -126}), 1007),
                arguments("a message above the limit", last(Opcode.BINARY, new byte[LIMIT + 1]), 1009),
                arguments("an absurd length", new byte[] {(byte) 0x82, 127, 127, -1, -1, -1, -1, -1, -1, -1}, 1009));
    }

    private static byte[] last(int opcode, byte[] payload) {
        return RawServer.frame(FINAL | opcode, payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void shouldEndWithTheRightCodeOn(String what, byte[] frame, int code) throws Exception {
        server.sendText("before");
        Thread sender = Thread.startVirtualThread(() -> {
            try {
                server.send(frame);
            } catch (IOException e) {
                // The client may have gone before all of it was written.
            }
        });

        assertThat(heard.next()).isEqualTo("before");
        assertThat(heard.next()).isInstanceOfSatisfying(
                Ending.Lost.class, lost -> assertThat(lost.why()).startsWith("protocol error: "));
        RawServer.Received close = server.receive();
        assertThat(close.head()).isEqualTo(FINAL | Opcode.CLOSE);
        assertThat(close.closeCode()).isEqualTo(code);
        assertThat(socket.sendText("late", new byte[0])).isFalse();
        sender.join();
    }

    @Test
    void shouldNotTakeAMessageInsideAnother() throws Exception {
        server.sendFrame(Opcode.TEXT, new byte[] {'a'});
        server.sendFrame(FINAL | Opcode.TEXT, new byte[] {'b'});

        assertThat(heard.next()).isEqualTo(new Ending.Lost("protocol error: a message inside another one"));
        assertThat(server.receive().closeCode()).isEqualTo(1002);
    }

    @Test
    void shouldCountFragmentsTogetherAgainstTheLimit() throws Exception {
        server.sendFrame(Opcode.BINARY, new byte[LIMIT]);
        server.sendFrame(Opcode.CONTINUATION, new byte[0]);
        server.sendFrame(FINAL | Opcode.CONTINUATION, new byte[1]);

        assertThat(heard.next()).isEqualTo(
                new Ending.Lost("protocol error: a message above the limit of " + LIMIT + " bytes"));
        assertThat(server.receive().closeCode()).isEqualTo(1009);
    }

    @Test
    void shouldTakeAMessageAtTheLimit() throws Exception {
        byte[] payload = bytes(LIMIT);
        server.sendFrame(Opcode.BINARY, Arrays.copyOf(payload, LIMIT - 1));
        server.sendFrame(FINAL | Opcode.CONTINUATION, Arrays.copyOfRange(payload, LIMIT - 1, LIMIT));

        assertThat(heard.next()).isEqualTo(payload);
    }

    @Test
    void shouldConfirmTheOtherSidesClose() throws Exception {
        server.sendFrame(FINAL | Opcode.CLOSE, new byte[] {3, (byte) 0xF4, 'b', 'y', 'e'});

        assertThat(heard.next()).isEqualTo(new Ending.Closed(1012, "bye"));
        assertThat(server.receive().payload()).containsExactly(3, 0xF4);
        assertThat(server.hasEnded()).isTrue();
    }

    @Test
    void shouldReadACloseWithoutCodeAs1005() throws Exception {
        server.sendFrame(FINAL | Opcode.CLOSE, new byte[0]);

        assertThat(heard.next()).isEqualTo(new Ending.Closed(1005, ""));
        assertThat(server.receive().payload()).isEmpty();
    }

    @Test
    void shouldCloseAfterWhatWasSentAndHearOnUntilTheOtherSideCloses() throws Exception {
        socket.sendText("a", "last".getBytes(StandardCharsets.UTF_8));
        socket.close();

        assertThat(socket.sendText("b", new byte[0])).isFalse();
        assertThat(server.receive().text()).isEqualTo("last");
        assertThat(server.receive().closeCode()).isEqualTo(1000);
        server.sendText("answer");
        assertThat(heard.next()).isEqualTo("answer");
        server.sendFrame(FINAL | Opcode.CLOSE, new byte[] {3, (byte) 0xE8});
        assertThat(heard.next()).isEqualTo(new Ending.Closed(1000, ""));
        assertThat(server.hasEnded()).as("no second close frame").isTrue();
    }

    @Test
    void shouldSayWhenTheConnectionEndsInsideAFrame() throws Exception {
        server.send(new byte[] {(byte) (FINAL | Opcode.TEXT), 10, 'a'});
        server.hangUp();

        assertThat(heard.next()).isEqualTo(new Ending.Lost("connection failed: cut off by the other side"));
        assertThat(heard.isEmpty()).isTrue();
    }

    @Test
    void shouldSayWhenTheConnectionIsReset() throws Exception {
        server.reset();

        assertThat(heard.next()).isInstanceOfSatisfying(
                Ending.Lost.class, lost -> assertThat(lost.why()).startsWith("connection failed: "));
        await().until(() -> !socket.sendText("late", new byte[0]));
    }

    @Test
    void shouldHearWhyTheOtherSideWentEvenWhenAWriteFailsFirst() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        heard.answerWith(text -> awaitQuietly(reading));
        server.sendText("busy");
        server.sendFrame(FINAL | Opcode.CLOSE, new byte[] {3, (byte) 0xF1});
        Thread.startVirtualThread(() -> socket.sendText("large", new byte[8 * 1024 * 1024]));

        server.hangUp();
        // The reader has a second from the failure on to hear of the end.
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).until(() -> !socket.sendText("late", new byte[0]));
        reading.countDown();

        assertThat(heard.next()).isEqualTo("busy");
        assertThat(heard.next()).isEqualTo(new Ending.Closed(1009, ""));
        assertThat(socket.halfSent()).contains("large");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldAnswerPingsWhileHandlersCompute() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        CountDownLatch computing = new CountDownLatch(processors);
        AtomicBoolean enough = new AtomicBoolean();
        for (int i = 0; i < processors; i++) {
            Thread.startVirtualThread(() -> {
                computing.countDown();
                while (!enough.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        assertThat(computing.await(5, TimeUnit.SECONDS)).isTrue();
        try {
            server.sendFrame(FINAL | Opcode.PING, new byte[] {7});

            assertThat(server.receive().payload()).containsExactly(7);
        } finally {
            enough.set(true);
        }
    }

    @Test
    void shouldOutliveTheInterruptOfASender() throws Exception {
        byte[] large = bytes(16 << 20);
        Thread sender = Thread.startVirtualThread(() -> socket.sendBinary("a", large, 0, large.length));
        sender.join(Duration.ofMillis(300));
        sender.interrupt();

        assertThat(server.receive().payload()).isEqualTo(large);
        socket.sendText("b", new byte[0]);
        assertThat(server.receive().text()).isEmpty();
        assertThat(socket.ending()).isNull();
    }

    @Test
    void shouldSendWhatTheReadingThreadSendsBeforeItWaitsForTheRestOfAFrame() throws Exception {
        heard.answerWith(text -> socket.sendText(text, ("re: " + text).getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(last(Opcode.TEXT, new byte[] {'a'}));
        bytes.writeBytes(last(Opcode.TEXT, new byte[] {'b'}));
        bytes.writeBytes(new byte[] {(byte) (FINAL | Opcode.BINARY), 3, 1});
        server.send(bytes.toByteArray());

        assertThat(server.receive().text()).isEqualTo("re: a");
        assertThat(server.receive().text()).isEqualTo("re: b");
    }

    @Test
    void shouldPing() throws Exception {
        socket.ping();

        assertThat(server.receive().head()).isEqualTo(FINAL | Opcode.PING);
        long silent = Duration.ofMillis(500).toNanos();
        await().until(() -> socket.silentNanos() > silent);
        long before = System.nanoTime();
        server.sendFrame(FINAL | Opcode.PONG, new byte[0]);
        await().until(() -> System.nanoTime() - socket.silentNanos() - before > 0);
    }
}
