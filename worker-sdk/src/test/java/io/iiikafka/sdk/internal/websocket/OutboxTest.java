package io.iiikafka.sdk.internal.websocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class OutboxTest {

    private final Wire wire = new Wire();
    private final List<IOException> failures = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Runnable> background = new LinkedBlockingQueue<>();
    private final BlockingQueue<Runnable> control = new LinkedBlockingQueue<>();

    private Outbox<String> outbox(Executor executor) {
        return new Outbox<>(
                new FrameOutput(wire, new MaskKeys(new SecureRandom())), executor, control::add, failures::add);
    }

    private static Message<String> message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Message<>(text, Opcode.TEXT, bytes, 0, bytes.length);
    }

    private static void virtually(Runnable task) {
        try {
            Thread.startVirtualThread(task).join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void runBackground() throws Exception {
        run(background);
    }

    private static void run(BlockingQueue<Runnable> tasks) throws Exception {
        Runnable task = tasks.poll(5, TimeUnit.SECONDS);
        assertThat(task).as("a task").isNotNull();
        task.run();
    }

    @Test
    void shouldWriteAtOnceOnAPlatformThreadThatFindsNobodyWriting() {
        Outbox<String> outbox = outbox(background::add);

        assertThat(outbox.put(message("a"))).isTrue();

        assertThat(wire.texts()).containsExactly("a");
        assertThat(background).isEmpty();
    }

    @Test
    void shouldWriteWhatWasHeldInOneGo() throws Exception {
        Outbox<String> outbox = outbox(background::add);

        outbox.release();
        outbox.hold(message("a"));
        outbox.hold(message("b"));
        assertThat(background).isEmpty();
        outbox.release();
        outbox.release();
        assertThat(background).hasSize(1);
        runBackground();
        outbox.release();

        assertThat(background).isEmpty();
        assertThat(wire.texts()).containsExactly("a", "b");
        assertThat(wire.writes).hasSize(1);
    }

    @Test
    void shouldTakeWhatIsHeldAlongWithWhatOthersSend() {
        Outbox<String> outbox = outbox(background::add);

        outbox.hold(message("a"));
        outbox.put(message("b"));

        assertThat(wire.texts()).containsExactly("a", "b");
    }

    @Test
    void shouldLeaveItToTheBackgroundOnAVirtualThread() throws Exception {
        Outbox<String> outbox = outbox(background::add);

        virtually(() -> IntStream.range(0, 5).forEach(i -> outbox.put(message("m" + i))));
        assertThat(wire.writes).isEmpty();
        assertThat(background).hasSize(1);
        runBackground();

        assertThat(wire.texts()).containsExactly("m0", "m1", "m2", "m3", "m4");
        assertThat(wire.writes).as("one write for all").hasSize(1);
    }

    @Test
    void shouldNotKeepASenderBusyWithTheMessagesOfOthers() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        wire.hold();
        Thread first = Thread.ofPlatform().start(() -> outbox.put(message("a")));
        wire.awaitHeld();
        outbox.put(message("b"));
        outbox.put(message("c"));

        wire.release();

        assertThat(first.join(Duration.ofSeconds(5))).isTrue();
        assertThat(wire.texts()).containsExactly("a");
        runBackground();
        assertThat(wire.texts()).containsExactly("a", "b", "c");
        assertThat(wire.writes).hasSize(2);
    }

    @Test
    void shouldKeepEachSendersOrder() throws Exception {
        Outbox<String> outbox = outbox(Thread::startVirtualThread);
        List<Thread> senders = new ArrayList<>();
        for (int sender = 0; sender < 8; sender++) {
            String name = sender + "-";
            Runnable sending = () -> IntStream.range(0, 2_000).forEach(i -> outbox.put(message(name + i)));
            senders.add(sender % 2 == 0 ? Thread.startVirtualThread(sending) : Thread.ofPlatform().start(sending));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(outbox.awaitWritten(Duration.ofSeconds(5))).isTrue();

        List<String> texts = wire.texts();
        assertThat(texts).hasSize(16_000);
        for (int sender = 0; sender < 8; sender++) {
            String name = sender + "-";
            assertThat(texts.stream().filter(text -> text.startsWith(name)))
                    .containsExactlyElementsOf(IntStream.range(0, 2_000).mapToObj(i -> name + i).toList());
        }
    }

    @Test
    void shouldMakeSendersWaitWhileTooMuchIsQueued() throws Exception {
        Outbox<String> outbox = outbox(Thread::startVirtualThread);
        wire.hold();
        AtomicInteger put = new AtomicInteger();
        Thread sender = Thread.startVirtualThread(() -> {
            for (int i = 0; i < 10_000; i++) {
                outbox.put(message("m" + i));
                put.incrementAndGet();
            }
        });
        wire.awaitHeld();
        await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10)).until(() -> put.get() < 10_000);
        assertThat(put.get()).isBetween(4_000, 9_000);

        wire.release();

        assertThat(sender.join(Duration.ofSeconds(5))).isTrue();
        assertThat(outbox.awaitWritten(Duration.ofSeconds(5))).isTrue();
        assertThat(wire.texts()).hasSize(10_000);
    }

    @Test
    void shouldLetWaitingSendersGoAtTheEnd() throws Exception {
        Outbox<String> outbox = outbox(Thread::startVirtualThread);
        wire.hold();
        byte[] large = new byte[5 * 1024 * 1024];
        Thread.startVirtualThread(() -> outbox.put(message("being written"))).join();
        wire.awaitHeld();
        outbox.put(new Message<>("large", Opcode.BINARY, large, 0, large.length));
        CompletableFuture<Boolean> accepted = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> accepted.complete(outbox.put(message("too much"))));
        await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        outbox.end(null);

        assertThat(accepted).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(false);
        assertThat(outbox.halfSent()).containsExactly("being written");
        assertThat(outbox.unsent()).containsExactly("large");
        assertThat(outbox.unsent()).isEmpty();
        wire.release();
        assertThat(outbox.awaitWritten(Duration.ofSeconds(5))).as("not all of it").isFalse();
        assertThat(wire.texts()).containsExactly("being written");
    }

    @Test
    void shouldTellWhatAFailedWriteHeldAndWhatStillWaited() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> {
            outbox.put(message("a"));
            outbox.put(message("b"));
        });
        wire.fail();
        wire.beforeFailing = () -> {
            outbox.put(message("c"));
            outbox.putControl(Opcode.PING, new byte[0]);
        };

        runBackground();

        assertThat(failures).hasSize(1);
        assertThat(outbox.halfSent()).containsExactly("a", "b");
        assertThat(outbox.unsent()).containsExactly("c");
        assertThat(outbox.put(message("d"))).isFalse();
        assertThat(background).isEmpty();
    }

    @Test
    void shouldSendControlFramesFirstAndOnlyTheNewestPong() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> outbox.put(message("a")));
        outbox.putControl(Opcode.PONG, new byte[] {1});
        outbox.putControl(Opcode.PING, new byte[0]);
        outbox.putControl(Opcode.PONG, new byte[] {2});

        runBackground();

        assertThat(wire.frames().stream().map(Frame::opcode)).containsExactly(Opcode.PING, Opcode.PONG, Opcode.TEXT);
        assertThat(wire.frames().get(1).payload()).containsExactly(2);
        assertThat(wire.writes).hasSize(1);
    }

    @Test
    void shouldNotLetAControlFrameWaitForTheBackground() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> outbox.put(message("a")));
        outbox.putControl(Opcode.PONG, new byte[] {1});

        run(control);

        assertThat(wire.frames().stream().map(Frame::opcode)).containsExactly(Opcode.PONG, Opcode.TEXT);
        outbox.put(message("b"));
        runBackground();
        virtually(() -> outbox.put(message("c")));
        runBackground();
        assertThat(wire.texts()).endsWith("a", "b", "c").hasSize(4);
    }

    @Test
    void shouldNotWaitForACloseFrameThatCannotBeWritten() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> outbox.put(message("a")));
        wire.fail();
        wire.beforeFailing = () -> outbox.end(new CloseFrame(CloseFrame.NORMAL, ""));

        runBackground();

        assertThat(outbox.awaitWritten(Duration.ofMinutes(1))).isFalse();
        assertThat(outbox.halfSent()).containsExactly("a");
    }

    @Test
    void shouldCloseAfterWhatWaits() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> outbox.put(message("a")));
        outbox.close(new CloseFrame(CloseFrame.NORMAL, ""));
        outbox.close(new CloseFrame(CloseFrame.INTERNAL_ERROR, ""));
        runBackground();

        outbox.end(new CloseFrame(CloseFrame.NORMAL, ""));
        control.forEach(Runnable::run);

        assertThat(wire.frames().stream().map(Frame::opcode)).containsExactly(Opcode.TEXT, Opcode.CLOSE);
    }

    @Test
    void shouldSendNothingButACloseFrameAfterTheEnd() throws Exception {
        Outbox<String> outbox = outbox(background::add);
        virtually(() -> outbox.put(message("a")));
        outbox.putControl(Opcode.PING, new byte[0]);

        outbox.end(new CloseFrame(CloseFrame.PROTOCOL_ERROR, "why"));
        runBackground();

        assertThat(wire.frames().stream().map(Frame::opcode)).containsExactly(Opcode.CLOSE);
        assertThat(outbox.unsent()).containsExactly("a");
        assertThat(outbox.halfSent()).isEmpty();
    }

    private record Frame(int opcode, byte[] payload) {}

    /** Keeps what is written; holds a write, or fails it. */
    private static final class Wire extends OutputStream {

        private final List<byte[]> writes = new CopyOnWriteArrayList<>();
        private final Semaphore gate = new Semaphore(0);
        private volatile boolean holding;
        private volatile boolean held;
        private volatile boolean failing;
        private volatile @Nullable Runnable beforeFailing;

        @Override
        public void write(int octet) {
            throw new AssertionError("one byte at a time");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (holding) {
                held = true;
                gate.acquireUninterruptibly();
            }
            if (failing) {
                Runnable task = beforeFailing;
                if (task != null) {
                    task.run();
                }
                throw new IOException("broken pipe");
            }
            writes.add(Arrays.copyOfRange(bytes, offset, offset + length));
        }

        void hold() {
            holding = true;
        }

        void awaitHeld() {
            await().until(() -> held);
        }

        void release() {
            holding = false;
            gate.release();
        }

        void fail() {
            failing = true;
        }

        List<Frame> frames() {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            writes.forEach(all::writeBytes);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(all.toByteArray()));
            List<Frame> frames = new ArrayList<>();
            try {
                while (in.available() > 0) {
                    int opcode = in.readUnsignedByte() & 0x0F;
                    int length = in.readUnsignedByte() & 0x7F;
                    byte[] mask = in.readNBytes(4);
                    byte[] payload = in.readNBytes(length);
                    for (int i = 0; i < length; i++) {
                        payload[i] ^= mask[i % 4];
                    }
                    frames.add(new Frame(opcode, payload));
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return frames;
        }

        List<String> texts() {
            return frames().stream().map(frame -> new String(frame.payload, StandardCharsets.UTF_8)).toList();
        }
    }
}
