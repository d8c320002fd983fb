package io.iiikafka.bench.load;

import java.time.Duration;

/**
 * A closed loop: so many calls are kept under way for so long.
 *
 * @param inFlight 1: one thread waits for each answer before it asks again
 */
public record Load(int inFlight, Duration duration) {

    /** {@code sequential} or {@code 64 in flight}. */
    public String title() {
        return inFlight == 1 ? "sequential" : inFlight + " in flight";
    }
}
