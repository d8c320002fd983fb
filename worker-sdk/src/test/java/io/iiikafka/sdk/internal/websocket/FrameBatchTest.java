package io.iiikafka.sdk.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

class FrameBatchTest {

    private record Sent(int opcode, int mask, byte[] payload) {}

    private static List<Sent> parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        List<Sent> frames = new ArrayList<>();
        while (buffer.hasRemaining()) {
            int first = buffer.get();
            assertThat(first & 0xF0).isEqualTo(0x80);
            int second = buffer.get();
            assertThat(second & 0x80).isEqualTo(0x80);
            int length = second & 0x7F;
            if (length == 126) {
                length = buffer.getShort() & 0xFFFF;
                assertThat(length).isGreaterThan(125);
            } else if (length == 127) {
                length = Math.toIntExact(buffer.getLong());
                assertThat(length).isGreaterThan(65_535);
            }
            int mask = buffer.getInt();
            byte[] payload = new byte[length];
            buffer.get(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= (byte) (mask >>> 24 - 8 * (i % 4));
            }
            frames.add(new Sent(first & 0x0F, mask, payload));
        }
        return frames;
    }

    @Test
    void shouldWriteManyFramesInOneGoMaskedEach() throws IOException {
        FrameBatch batch = new FrameBatch();
        Random random = new Random(7);
        List<byte[]> payloads = new ArrayList<>();
        for (int length : new int[] {0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 3_000_000, 5}) {
            byte[] payload = new byte[length];
            random.nextBytes(payload);
            payloads.add(payload);
            batch.add(Opcode.TEXT, payload);
        }
        List<Integer> writes = new ArrayList<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public void write(byte[] bytes, int offset, int length) {
                writes.add(length);
                super.write(bytes, offset, length);
            }
        };

        batch.writeTo(out);

        List<Sent> sent = parse(out.toByteArray());
        assertThat(writes).hasSize(1);
        assertThat(batch.size()).isZero();
        assertThat(sent).extracting(Sent::payload).containsExactlyElementsOf(payloads);
        Set<Integer> masks = new HashSet<>();
        sent.forEach(frame -> masks.add(frame.mask()));
        assertThat(masks).hasSize(payloads.size());
    }

    @Test
    void shouldBeOfUseAgainAfterALargeBatch() throws IOException {
        FrameBatch batch = new FrameBatch();
        for (int i = 0; i < 3; i++) {
            byte[] payload = new byte[i == 1 ? 2_000_000 : 10];
            batch.add(Opcode.PING, payload);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            batch.writeTo(out);
            assertThat(parse(out.toByteArray())).singleElement().satisfies(frame -> {
                assertThat(frame.opcode()).isEqualTo(Opcode.PING);
                assertThat(frame.payload()).isEqualTo(payload);
            });
        }
    }
}
