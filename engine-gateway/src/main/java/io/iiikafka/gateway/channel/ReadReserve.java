package io.iiikafka.gateway.channel;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes may be read beyond the bounds of channels, by all sockets of a gateway together. Any thread. */
final class ReadReserve {

    private static final long BYTES = 32L * 1024 * 1024;

    private final AtomicLong left = new AtomicLong(BYTES);

    boolean isOpen() {
        return left.get() > 0;
    }

    void take(long bytes) {
        left.addAndGet(-bytes);
    }

    void giveBack(long bytes) {
        left.addAndGet(bytes);
    }
}
