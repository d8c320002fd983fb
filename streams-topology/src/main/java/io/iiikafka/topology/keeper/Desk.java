package io.iiikafka.topology.keeper;

import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** A room at work on one partition, with that partition's stores. Used by one thread. */
@FunctionalInterface
public interface Desk {

    /** Runs the command of one of the room's functions: decides, and applies the changes. */
    Decision run(Command command);

    /** When something is due next, in epoch milliseconds; {@link Long#MAX_VALUE}: nothing waits for its time. */
    default long nextDueMs() {
        return Long.MAX_VALUE;
    }

    /**
     * Does what is due by the time of {@code tick}. What it comes to must not depend on when it is
     * called, other than by being done earlier or later: after a crash it is called at another time.
     */
    default Decision tick(Command tick) {
        return Decision.of(Outcome.NO_VALUE);
    }

    /**
     * Takes the outcome of a call that the desk {@linkplain Firing#awaited awaits}; null: it awaits none.
     *
     * @param answer its id is that of the call; a worker answered, or the engine in its place
     */
    default @Nullable Decision answered(long number, Command answer) {
        return null;
    }

    /** The partition is another process's or thread's from now on; its stores are not to be used any more. */
    default void close() {}
}
