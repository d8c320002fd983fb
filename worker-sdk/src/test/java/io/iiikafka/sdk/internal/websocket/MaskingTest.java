package io.iiikafka.sdk.internal.websocket;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MaskingTest {

    @Test
    void shouldMaskEveryByteWithItsPartOfTheKey() {
        byte[] source = new byte[100];
        new Random(7).nextBytes(source);
        int key = 0x01_F2_83_74;
        byte[] keyBytes = {0x01, (byte) 0xF2, (byte) 0x83, 0x74};
        for (int from = 0; from < 9; from++) {
            for (int count = 0; count < 80; count++) {
                byte[] target = new byte[100];
                Masking.copy(source, from, target, 3, count, key);
                byte[] expected = new byte[100];
                for (int i = 0; i < count; i++) {
                    expected[3 + i] = (byte) (source[from + i] ^ keyBytes[i % 4]);
                }
                assertThat(target).as("%d bytes from %d", count, from).isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldDrawAnotherKeyForEachFrame() {
        MaskKeys keys = new MaskKeys(new SecureRandom());
        Set<Integer> drawn = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            drawn.add(keys.next());
        }
        assertThat(drawn).hasSizeGreaterThan(1_990);
    }
}
