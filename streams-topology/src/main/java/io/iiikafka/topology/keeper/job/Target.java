package io.iiikafka.topology.keeper.job;

import java.util.TreeSet;

import io.iiikafka.topology.catalog.FunctionKey;
import org.jspecify.annotations.Nullable;

/** The jobs of a queue that call the same function and wait for nothing but their turn. */
final class Target {

    private static final long FIRST_LOOK_MS = 100;
    private static final long LATEST_LOOK_MS = 1_000;

    private final FunctionKey function;
    private final @Nullable FunctionKey condition;
    private final TreeSet<Entry> ready = new TreeSet<>();
    /** Since when nobody serves the function; 0: somebody may. */
    private long unservedSinceMs;
    private long asideUntilMs;
    private int jobs;

    Target(FunctionKey function, @Nullable String condition) {
        this.function = function;
        this.condition = condition == null ? null : new FunctionKey(function.namespace(), condition);
    }

    FunctionKey function() {
        return function;
    }

    /** Which may veto each call; null: none. */
    @Nullable FunctionKey condition() {
        return condition;
    }

    /** Changed by its queue's {@link Turns}. */
    TreeSet<Entry> ready() {
        return ready;
    }

    /** Of those that are ready; there must be one. */
    Entry first() {
        return ready.first();
    }

    /** When to look again whether somebody serves it, in epoch milliseconds; 0: it does not stand aside. */
    long asideUntilMs() {
        return asideUntilMs;
    }

    void asideUntil(long ms) {
        asideUntilMs = ms;
    }

    boolean isAside() {
        return asideUntilMs > 0;
    }

    void came() {
        jobs++;
    }

    /** True: it was the last. */
    boolean went() {
        jobs--;
        return jobs == 0;
    }

    /** As far as was noticed; 0: somebody may serve it. */
    long unservedSinceMs() {
        return unservedSinceMs;
    }

    void served() {
        unservedSinceMs = 0;
    }

    /** How long to wait before looking again for somebody who serves the function; longer the longer it takes. */
    long unserved(long nowMs) {
        if (unservedSinceMs == 0) {
            unservedSinceMs = nowMs;
        }
        return Math.clamp((nowMs - unservedSinceMs) / 10, FIRST_LOOK_MS, LATEST_LOOK_MS);
    }
}
