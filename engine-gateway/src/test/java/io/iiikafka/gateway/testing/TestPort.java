package io.iiikafka.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loopback ports for processes that are told where to listen. Of a range from which the system gives none to others, so that
 * nobody has one of them when the process gets round to it, nor when its successor does.
 */
public final class TestPort {

    private static final int FIRST = 20_000;
    private static final int RANGE = 12_000;
    private static final AtomicInteger NEXT = new AtomicInteger(ThreadLocalRandom.current().nextInt(RANGE));

    private TestPort() {}

    /** One that nobody listens on, and that this JVM has not given before. */
    public static int next() {
        while (true) {
            int port = FIRST + NEXT.getAndIncrement() % RANGE;
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Somebody has it.
            }
        }
    }
}
