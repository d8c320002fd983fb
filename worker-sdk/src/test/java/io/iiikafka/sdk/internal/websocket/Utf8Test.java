package io.iiikafka.sdk.internal.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class Utf8Test {

    private static boolean validForTheJdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static void assertAgreed(byte[] bytes) {
        assertThat(Utf8.isValid(bytes)).as(() -> HexFormat.of().formatHex(bytes)).isEqualTo(validForTheJdk(bytes));
    }

    @Test
    void shouldAgreeWithTheJdkOnAllSequencesOfTwoBytes() {
        for (int i = 0; i < 1 << 16; i++) {
            byte[] two = {(byte) (i >> 8), (byte) i};
            if (Utf8.isValid(two) != validForTheJdk(two)) {
                assertAgreed(two);
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnLongerSequencesAtTheirLimits() {
        int[] edges = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE0, 0xFF};
        for (int lead = 0xC0; lead <= 0xFF; lead++) {
            for (int second : edges) {
                for (int third : edges) {
                    assertAgreed(new byte[] {(byte) lead, (byte) second, (byte) third});
                    for (int fourth : edges) {
                        assertAgreed(new byte[] {(byte) lead, (byte) second, (byte) third, (byte) fourth});
                    }
                }
            }
        }
    }

    @Test
    void shouldAgreeWithTheJdkOnMutatedText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] text = "plain text, then é ß 漢字 \uD83D\uDE00 and plain again".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 5_000; i++) {
            byte[] mutated = text.clone();
            mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            assertThat(Utf8.isValid(mutated)).as("seed %d, round %d", seed, i).isEqualTo(validForTheJdk(mutated));
        }
        assertThat(Utf8.isValid(text)).isTrue();
    }
}
