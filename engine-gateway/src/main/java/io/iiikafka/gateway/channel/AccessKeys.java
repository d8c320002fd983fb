package io.iiikafka.gateway.channel;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/** Keys that cannot be guessed; randomness is fetched for many at once, per thread. */
final class AccessKeys {

    private static final int BATCH_BYTES = 4096;

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final ThreadLocal<ByteBuffer> BATCH =
            ThreadLocal.withInitial(() -> ByteBuffer.allocate(BATCH_BYTES).limit(0));

    private AccessKeys() {}

    @SuppressWarnings("ByteBufferBackingArray") // the batch begins where its array does
    static String next() {
        ByteBuffer batch = BATCH.get();
        if (batch.remaining() < 2 * Long.BYTES) {
            RANDOM.nextBytes(batch.clear().array());
        }
        return new UUID(batch.getLong(), batch.getLong()).toString();
    }
}
