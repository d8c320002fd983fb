package io.iiikafka.topology.keeper.job;

import java.util.List;

import io.iiikafka.topology.catalog.EntryKey;

/**
 * Takes dead letters of named queues away that are older than their queue keeps them ({@code dlq_retention_ms}), of one
 * partition. A shorter retention holds from the next dead letter on, or within the hour.
 */
final class LetterRetention {

    private static final int MOST = 500;
    private static final long LOOK_AGAIN_MS = 3_600_000;

    private final DeadLetters letters;
    private final Agreements agreements;

    /** When there may be something to take away. */
    private long nextMs;

    LetterRetention(DeadLetters letters, Agreements agreements) {
        this.letters = letters;
        this.agreements = agreements;
        this.nextMs = letters.counts().isEmpty() ? Long.MAX_VALUE : 0;
    }

    /** A job of the queue was given up. */
    void buried(String queue, long nowMs) {
        nextMs = Math.min(nextMs, plus(nowMs, agreements.deadLettersMs(queue)));
    }

    private static long plus(long ms, long keptMs) {
        return keptMs == 0 || keptMs > Long.MAX_VALUE - ms ? Long.MAX_VALUE : ms + keptMs;
    }

    /** In epoch milliseconds. */
    long nextDueMs() {
        return nextMs;
    }

    void sweep(long nowMs) {
        if (nowMs < nextMs) {
            return;
        }
        nextMs = Long.MAX_VALUE;
        for (DeadLetters.Place place : letters.counts().keySet()) {
            long keptMs = place.topic() ? 0 : agreements.deadLettersMs(EntryKey.queue(place.name()));
            if (keptMs > 0) {
                nextMs = Math.min(nextMs, Math.min(sweep(place, keptMs, nowMs), nowMs + LOOK_AGAIN_MS));
            }
        }
    }

    /** When the next one is due. */
    private long sweep(DeadLetters.Place place, long keptMs, long nowMs) {
        for (int i = 0; i < MOST; i++) {
            List<DeadLetters.Letter> oldest = letters.oldest(place, "", 1);
            if (oldest.isEmpty()) {
                return Long.MAX_VALUE;
            }
            long dueMs = plus(oldest.getFirst().failedAtMs(), keptMs);
            if (dueMs > nowMs) {
                return dueMs;
            }
            letters.remove(oldest.getFirst());
        }
        return nowMs; // the rest after other commands
    }
}
