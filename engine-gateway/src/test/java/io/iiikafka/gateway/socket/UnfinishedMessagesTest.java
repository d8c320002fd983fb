package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnfinishedMessagesTest {

    private static final int KIB = 1024;

    private final List<String> cut = new ArrayList<>();
    private final UnfinishedMessages unfinished = new UnfinishedMessages(1000 * KIB);

    private UnfinishedMessages.Source source(String name) {
        return unfinished.source(() -> cut.add(name));
    }

    @Test
    void shouldCutTheConnectionWhoseMessageBeganFirst() {
        UnfinishedMessages.Source a = source("a");
        UnfinishedMessages.Source b = source("b");
        UnfinishedMessages.Source c = source("c");
        a.came(100 * KIB);
        b.came(500 * KIB);
        c.came(390 * KIB);
        assertThat(cut).isEmpty();

        c.came(100 * KIB);
        assertThat(cut).containsExactly("a");
        a.came(900 * KIB);
        c.came(100 * KIB);
        assertThat(cut).containsExactly("a", "b");
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
        for (int i = 0; i < 1100; i++) {
            a.came(KIB);
        }

        assertThat(cut).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/otel"})
    void shouldLiveWithManyLargeMessagesThatNeverEnd(String path) throws Exception {
        try (TestEngine engine = TestEngine.start();
                RawWorker worker = engine.worker("unharmed").serve("unharmed::f")) {
            byte[] part = beginning(16 * KIB * KIB, 15 * KIB * KIB);
            int sockets = (int) (Runtime.getRuntime().maxMemory() / 8 / part.length) + 4;
            List<RawSocket> attackers = new ArrayList<>();
            try {
                for (int i = 0; i < sockets; i++) {
                    RawSocket attacker = RawSocket.upgrade(engine.gateway().port(), path);
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
