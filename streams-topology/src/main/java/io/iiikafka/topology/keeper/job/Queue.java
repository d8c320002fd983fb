package io.iiikafka.topology.keeper.job;

/** What is known of a queue, beside what is stored. */
final class Queue {

    private static final long FIRST_LOOK_MS = 100;
    private static final long LATEST_LOOK_MS = 1_000;

    private int running;
    private boolean mayHaveReady;
    /** At least so many wait to be told. */
    private int waiting;
    private long readyFrom;
    /** Since when nobody serves the function; 0: somebody may. */
    private long unservedSinceMs;

    int running() {
        return running;
    }

    void began() {
        running++;
    }

    void ended() {
        running--;
    }

    int waiting() {
        return waiting;
    }

    void joined() {
        waiting++;
    }

    void left(int jobs) {
        waiting = Math.max(0, waiting - jobs);
    }

    boolean mayHaveReady() {
        return mayHaveReady;
    }

    void nothingReady() {
        mayHaveReady = false;
    }

    /** Some may be ready from before; which, is to be looked for. */
    void mayBeReady() {
        mayHaveReady = true;
    }

    void ready(long number) {
        readyFrom = mayHaveReady ? Math.min(readyFrom, number) : number;
        mayHaveReady = true;
    }

    /** No job with a smaller number is ready. */
    long readyFrom() {
        return readyFrom;
    }

    void served(long number) {
        unservedSinceMs = 0;
        readyFrom = number;
    }

    /** How long to wait before looking again for somebody who serves the function; longer the longer it takes. */
    long unserved(long nowMs) {
        if (unservedSinceMs == 0) {
            unservedSinceMs = nowMs;
        }
        return Math.clamp((nowMs - unservedSinceMs) / 10, FIRST_LOOK_MS, LATEST_LOOK_MS);
    }

    boolean isIdle() {
        return running == 0 && !mayHaveReady;
    }
}
