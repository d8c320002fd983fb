package io.iiikafka.gateway.stream;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The open stream sockets of this gateway; any thread. */
final class StreamClients {

    private final Set<StreamClient> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();

    /** A name that no other socket of this gateway ever has. */
    String nextName() {
        return Long.toString(numbers.incrementAndGet());
    }

    void add(StreamClient client) {
        open.add(client);
    }

    void remove(StreamClient client) {
        open.remove(client);
    }

    List<StreamClient> all() {
        return List.copyOf(open);
    }
}
