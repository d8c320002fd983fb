package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Answer;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.record.Outcome;

/**
 * Callers that wait for an event of a stream. They are only in memory: when the partition moves, their gateways hear
 * nothing, ask again when their time is over, and lose nothing by it.
 */
final class Waiting {

    private static final int MOST = 10_000;
    private static final Outcome COME_AND_SEE = new Outcome.Success(RawJson.of("true"));

    private final Map<String, List<Command>> byTopic = new HashMap<>();
    private final Map<String, Long> wakes = new HashMap<>();
    private int count;

    /**
     * @param topic what is waited for: a group, or a stream
     */
    void add(String topic, Command command) {
        if (count >= MOST) {
            dropOutdated(command.timestampMs());
        }
        if (count < MOST) {
            byTopic.computeIfAbsent(topic, first -> new ArrayList<>()).add(command);
            count++;
        }
    }

    private void dropOutdated(long nowMs) {
        count = 0;
        for (Iterator<List<Command>> all = byTopic.values().iterator(); all.hasNext(); ) {
            List<Command> waiting = all.next();
            waiting.removeIf(command -> command.call().deadlineMs() < nowMs);
            count += waiting.size();
            if (waiting.isEmpty()) {
                all.remove();
            }
        }
    }

    /** How often those who wait for that have been called. */
    long wakes(String topic) {
        return wakes.getOrDefault(topic, 0L);
    }

    /** Calls everybody who waits for that, and counts it. */
    List<Answer> wakeCounted(String topic) {
        wakes.merge(topic, 1L, Long::sum);
        return wake(topic);
    }

    /** Calls everybody who waits for that. */
    List<Answer> wake(String topic) {
        List<Command> waiting = count == 0 ? null : byTopic.remove(topic);
        if (waiting == null) {
            return List.of();
        }
        count -= waiting.size();
        return waiting.stream().map(command -> new Answer(command, COME_AND_SEE)).toList();
    }
}
