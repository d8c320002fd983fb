package io.iiikafka.gateway.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.util.concurrent.EventExecutor;

/**
 * What comes in of one group, for all clients of this gateway that listen. Notices what is doubled and what is missing:
 * what the keeper writes can come again when it is restarted, and a frame can be lost while slots change hands.
 */
final class GroupFeed {

    private static final long UNKNOWN = -1;

    private final Map<EventExecutor, LoopFeed> loops = new ConcurrentHashMap<>();
    private long lastTimestamp;
    private long lastOffset = UNKNOWN;

    void add(GroupView view, EventExecutor loop) {
        loops.computeIfAbsent(loop, LoopFeed::new).add(view);
    }

    /** Whether nobody is left. */
    boolean remove(GroupView view, EventExecutor loop) {
        loops.computeIfPresent(loop, (key, feed) -> feed.remove(view) ? null : feed);
        return loops.isEmpty();
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
        loops.values().forEach(loop -> loop.offer(frame, missed));
    }
}
