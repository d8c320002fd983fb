package io.iiikafka.sdk.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

    private static final int MAX = 2 * 1024 * 1024;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final List<String> heard = new ArrayList<>();
    private int drained;

    private void frame(int first, byte[] payload) {
        sent.write(first);
        if (payload.length < 126) {
            sent.write(payload.length);
        } else if (payload.length < 65_536) {
            sent.write(126);
            sent.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
        } else {
            sent.write(127);
            sent.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        sent.writeBytes(payload);
    }

    private void frame(int first, String payload) {
        frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    private void read() throws IOException {
        new MessageReader(new Source(new ByteArrayInputStream(sent.toByteArray())), MAX, new Heard()).readAll();
    }

    private final class Heard implements SocketEvents {
        @Override
        public void text(byte[] utf8) {
            heard.add(new String(utf8, StandardCharsets.UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
        }

        @Override
        public void pong() {
            heard.add("pong");
        }

        @Override
        public void drained() {
            drained++;
        }

        @Override
        public void closed(int code, String reason) {
            heard.add("closed " + code + " " + reason);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 1024 * 1024})
    void shouldReadMessagesOfAnyLength(int length) throws IOException {
        String text = "é".repeat(length / 2) + "x".repeat(length % 2);
        frame(0x81, text);
        frame(0x88, new byte[0]);

        read();

        assertThat(heard).containsExactly(text, "closed 1005 ");
    }

    @Test
    void shouldPutPiecesTogetherAndHearControlFramesInBetween() throws IOException {
        frame(0x01, "one ");
        frame(0x89, "are you there");
        frame(0x00, "two ");
        frame(0x8A, "");
        frame(0x80, "three");
        frame(0x82, "binary");
        frame(0x81, "four");
        frame(0x88, "\u0003\u00e8".getBytes(StandardCharsets.ISO_8859_1));

        read();

        assertThat(heard).containsExactly("ping are you there", "pong", "one two three", "four", "closed 1000 ");
        assertThat(drained).as("all came in one read").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "C1, 00", // a reserved bit
        "81, 80", // masked
        "80, 00", // a continuation of nothing
        "83, 00", // an unknown kind of data
        "8B, 00", // an unknown kind of control
        "08, 00", // a control frame in pieces
        "89, 7E", // a long control frame
    })
    void shouldRefuseWhatNoServerMaySend(String first, String second) {
        sent.write(Integer.parseInt(first, 16));
        sent.write(Integer.parseInt(second, 16));
        sent.writeBytes(new byte[16]);

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        ProtocolViolation.class, violation -> assertThat(violation.closeCode()).isEqualTo(1002));
    }

    @Test
    void shouldRefuseANewMessageInsideAnother() {
        frame(0x01, "one");
        frame(0x81, "two");

        assertThatThrownBy(this::read).isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {MAX + 1, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
    void shouldRefuseMoreThanItTakesBeforeReadingIt(long length) {
        sent.write(0x81);
        sent.write(127);
        sent.writeBytes(ByteBuffer.allocate(8).putLong(length).array());

        assertThatThrownBy(this::read).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void shouldCountAllPiecesOfAMessage() {
        frame(0x01, new byte[MAX]);
        frame(0x80, new byte[1]);

        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        ProtocolViolation.class, violation -> assertThat(violation.closeCode()).isEqualTo(1009));
    }

    @Test
    void shouldSayThatTheConnectionWasCutInTheMiddleOfAFrame() {
        sent.writeBytes(new byte[] {(byte) 0x81, 5, 'h', 'a'});

        assertThatThrownBy(this::read).isInstanceOf(EOFException.class);
        assertThat(heard).isEmpty();
    }
}
