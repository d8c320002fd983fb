package io.iiikafka.sdk.stream;

import java.util.List;

/**
 * A part of a group's log (spec: stream.md 13.3).
 *
 * @param next the offset to go on from
 * @param end whether there is nothing behind it yet
 */
public record LogPage<T>(List<Logged<T>> events, long next, boolean end) {

    public LogPage {
        events = List.copyOf(events);
    }
}
