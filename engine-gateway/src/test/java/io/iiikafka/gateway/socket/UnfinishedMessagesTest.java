package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnfinishedMessagesTest {

    private static final int KIB = 1024;

    private final List<String> cut = new ArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final UnfinishedMessages unfinished = new UnfinishedMessages(1000 * KIB, now::get);

    private UnfinishedMessages.Source source(String name) {
        return unfinished.source(() -> cut.add(name));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void shouldCutTheConnectionWhoseMessageBeganFirst() {
        UnfinishedMessages.Source a = source("a");
        UnfinishedMessages.Source b = source("b");
        UnfinishedMessages.Source c = source("c");
        a.came(100 * KIB);
        b.came(500 * KIB);
        c.came(390 * KIB);
        pass(Duration.ofMillis(1001));
        assertThat(cut).isEmpty();

        c.came(100 * KIB);
        assertThat(cut).containsExactly("a");
        a.came(900 * KIB);
        c.came(100 * KIB);
        assertThat(cut).containsExactly("a", "b");
    }

    @Test
    void shouldLeaveAMomentToEndAMessage() {
        UnfinishedMessages.Source a = source("a");
        UnfinishedMessages.Source b = source("b");
        a.came(600 * KIB);
        pass(Duration.ofMillis(999));
        b.came(600 * KIB);
        assertThat(cut).isEmpty();

        a.complete();
        a.came(500 * KIB);
        pass(Duration.ofMillis(1));
        a.came(100 * KIB);
        assertThat(cut).isEmpty();

        pass(Duration.ofMillis(999));
        a.came(100 * KIB);
        assertThat(cut).containsExactly("b");
    }

    @Test
    void shouldLeaveNoTimeAtHalfAsMuchAgain() {
        UnfinishedMessages.Source a = source("a");
        UnfinishedMessages.Source b = source("b");
        a.came(700 * KIB);
        b.came(800 * KIB);
        assertThat(cut).isEmpty();

        b.came(100 * KIB);
        assertThat(cut).containsExactly("a");
    }

    @Test
    void shouldForgetWhatIsCompleteOrClosed() {
        UnfinishedMessages.Source a = source("a");
        UnfinishedMessages.Source b = source("b");
        for (int i = 0; i < 10; i++) {
            a.came(900 * KIB);
            a.complete();
        }
        b.came(900 * KIB);
        b.close();
        a.came(900 * KIB);

        assertThat(cut).isEmpty();
    }

    @Test
    void shouldCountWhatComesInSmallPieces() {
        UnfinishedMessages.Source a = source("a");
        for (int i = 0; i < 1600; i++) {
            a.came(KIB);
        }

        assertThat(cut).containsExactly("a");
    }

    /** It may still wait for who takes it, as in a channel that is read slowly. */
    @Test
    void shouldForgetAMessageAsSoonAsItsLastFrameIsIn() throws IOException {
        EmbeddedChannel a = connection("a");
        EmbeddedChannel b = connection("b");
        a.writeInbound(Unpooled.wrappedBuffer(beginning(900 * KIB, 900 * KIB)));
        b.writeInbound(Unpooled.wrappedBuffer(beginning(900 * KIB, 800 * KIB)));
        pass(Duration.ofSeconds(2));
        a.writeInbound(Unpooled.wrappedBuffer(beginning(900 * KIB, 100 * KIB)));
        assertThat(cut).isEmpty();

        a.writeInbound(Unpooled.wrappedBuffer(new byte[200 * KIB]));
        assertThat(cut).containsExactly("b");
        a.finishAndReleaseAll();
        b.finishAndReleaseAll();
    }

    private EmbeddedChannel connection(String name) {
        ChannelInboundHandlerAdapter taker = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(true, false, 1000 * KIB), taker);
        source(name).watch(channel.pipeline().context(taker), () -> {});
        return channel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/otel", "a channel"})
    void shouldLiveWithManyLargeMessagesThatNeverEnd(String path) throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("unharmed").serve("unharmed::f")) {
            byte[] part = beginning(16 * KIB * KIB, 15 * KIB * KIB);
            int sockets = (int) (Runtime.getRuntime().maxMemory() / 8 * 3 / 2 / part.length) + 4;
            List<RawSocket> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < sockets; i++) {
                    RawSocket attacker = RawSocket.upgrade(
                            engine.gateway().port(), path.equals("a channel") ? channel(worker) : path);
                    attackers.add(attacker);
                    attacker.write(part);
                }
                String invocation = worker.start("unharmed::f", "1");
                worker.answer(worker.next("invokefunction"), "2");
                assertThat(worker.awaitResult(invocation).get("result").intValue()).isEqualTo(2);
                attackers.getFirst().readToEnd(); // ends, because the connection has
            } finally {
                for (RawSocket attacker : attackers) {
                    attacker.close();
                }
            }
        }
    }

    /** Where its writer connects. */
    private static String channel(RawWorker worker) {
        JsonNode writer = worker.call("engine::channels::create", "{}").get("result").get("writer");
        URI address = ChannelPeer.address("", writer);
        return address.getPath() + "?" + address.getQuery();
    }

    /** The head of a frame of the size and the first bytes of its payload. */
    private static byte[] beginning(int size, int sent) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x81);
        frame.write(0x80 | 127);
        frame.write(ByteBuffer.allocate(8).putLong(size).array());
        frame.write(new byte[4 + sent]);
        return frame.toByteArray();
    }
}
