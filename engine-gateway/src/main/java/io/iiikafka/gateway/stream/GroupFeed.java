package io.iiikafka.gateway.stream;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What comes in of one group, for all clients of this gateway that listen. Notices what is doubled and what is missing:
 * what the keeper writes can come again when it is restarted, and a frame can be lost while slots change hands.
 */
final class GroupFeed {

    private static final long UNKNOWN = -1;

    private final Set<StreamClient> clients = ConcurrentHashMap.newKeySet();
    private long lastTimestamp;
    private long lastOffset = UNKNOWN;

    void add(StreamClient client) {
        clients.add(client);
    }

    /** Whether nobody is left. */
    boolean remove(StreamClient client) {
        clients.remove(client);
        return clients.isEmpty();
    }

    /** On the thread that reads frames only. */
    void pushed(Frame frame) {
        if (frame.timestamp() <= lastTimestamp) {
            return;
        }
        lastTimestamp = frame.timestamp();
        long offset = frame.position().offset();
        long expected = frame.position().logged() ? lastOffset + 1 : lastOffset;
        boolean missed = lastOffset != UNKNOWN && offset > expected;
        lastOffset = offset;
        for (StreamClient client : clients) {
            client.execute(() -> {
                if (missed) {
                    client.missed(frame.group());
                }
                client.offer(frame);
            });
        }
    }
}
