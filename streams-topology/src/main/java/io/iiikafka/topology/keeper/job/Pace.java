package io.iiikafka.topology.keeper.job;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** When deliveries began lately, of one queue, by the key by which they are counted; forgotten with the process. */
final class Pace {

    private static final int MANY = 10_000;

    private final Map<String, ArrayDeque<Long>> starts = new HashMap<>();

    /** When the next may begin; not after {@code nowMs}: now. */
    long nextMs(String key, int max, long perMs) {
        ArrayDeque<Long> lately = starts.get(key);
        return lately == null || lately.size() < max ? 0 : lately.element() + perMs;
    }

    void began(String key, int max, long perMs, long nowMs) {
        if (starts.size() > MANY) {
            starts.values().removeIf(each -> each.getLast() + perMs < nowMs);
        }
        ArrayDeque<Long> lately = starts.computeIfAbsent(key, absent -> new ArrayDeque<>());
        while (lately.size() >= max) {
            lately.remove();
        }
        lately.add(nowMs);
    }
}
