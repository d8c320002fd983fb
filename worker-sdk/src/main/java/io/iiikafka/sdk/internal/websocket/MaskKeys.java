package io.iiikafka.sdk.internal.websocket;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Unpredictable masking keys, as RFC 6455 section 10.3 wants them; drawn many at once, since a secure random number
 * costs more than all the rest of a small frame. Not thread-safe.
 */
final class MaskKeys {

    private static final int KEYS_AT_ONCE = 256;

    private final SecureRandom random;
    private final ByteBuffer keys = ByteBuffer.allocate(KEYS_AT_ONCE * Integer.BYTES).limit(0);

    MaskKeys(SecureRandom random) {
        this.random = random;
    }

    int next() {
        if (!keys.hasRemaining()) {
            random.nextBytes(keys.array());
            keys.clear();
        }
        return keys.getInt();
    }
}
