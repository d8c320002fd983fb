package io.iiikafka.topology.queue;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How the jobs of a named queue, or the messages of a subscription, are handed out (spec: queue.md 6). All times are
 * milliseconds, at most {@link #LONGEST_MS}: what was kept with longer ones is read with these.
 *
 * @param fifo whether jobs of one group run one at a time, in order; a subscription has one group
 * @param groupField the member of the payload that names the group; null: the whole queue is one
 * @param concurrency so many deliveries at once in the whole cluster; 0: none, it is paused
 * @param maxAttempts deliveries in total, at least 1
 * @param backoffMs before the second delivery
 * @param exponential whether it is doubled before each further one
 * @param maxBackoffMs the longest
 * @param jitter 0 to 1: by so much of it a back-off may be longer
 * @param timeoutMs a delivery that is not answered by then has failed
 * @param delayMs before the first delivery
 * @param holdMaxMs so long a job waits for somebody to serve its function, without using an attempt; 0: for ever
 * @param maxWorkerLosses so often a delivery that ends with its worker does not use an attempt
 * @param nonRetryableCodes errors with which a job goes to the dead letters at once
 * @param priorityField the member of the payload that is its priority; null: none is
 * @param delayField the member that is its delay in milliseconds; null: none is
 * @param dedupField the member that is its deduplication key; null: none is
 * @param rateLimit null: none
 * @param deliverInfo whether handlers are told of the delivery in {@code metadata.iii_delivery}
 * @param resultRetentionMs how long the outcome of a finished job can be asked for; 0: not at all
 * @param share null: all its jobs are the keeper's
 * @param dlqRetentionMs how long dead letters are kept; 0: until somebody moves them back or discards them
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record QueueSettings(
        boolean fifo,
        @Nullable String groupField,
        int concurrency,
        int maxAttempts,
        long backoffMs,
        boolean exponential,
        long maxBackoffMs,
        double jitter,
        long timeoutMs,
        long delayMs,
        long holdMaxMs,
        int maxWorkerLosses,
        List<String> nonRetryableCodes,
        @Nullable String priorityField,
        @Nullable String delayField,
        @Nullable String dedupField,
        @Nullable RateLimit rateLimit,
        boolean deliverInfo,
        long resultRetentionMs,
        @Nullable ShareGroup share,
        long dlqRetentionMs) {

    /** Ten years, as for options of a job: a time that far ahead is still one. */
    public static final long LONGEST_MS = 10L * 365 * 24 * 3_600_000;

    /** Of the queue {@code default}, and of whatever is not said. */
    public static final QueueSettings DEFAULT = new QueueSettings(
            false, null, 10, 3, 1_000, true, 3_600_000, 0, 1_800_000, 0, 0, 3, List.of("non_retryable"), null, null,
            null, null, false, 0);

    /** One part in so many of the concurrency of a {@link #share} is the keeper's, for what it repeats. */
    private static final int KEEPERS_PART = 5;

    public QueueSettings {
        backoffMs = Math.min(backoffMs, LONGEST_MS);
        maxBackoffMs = Math.min(maxBackoffMs, LONGEST_MS);
        timeoutMs = Math.min(timeoutMs, LONGEST_MS);
        delayMs = Math.min(delayMs, LONGEST_MS);
        holdMaxMs = Math.min(holdMaxMs, LONGEST_MS);
        resultRetentionMs = Math.min(resultRetentionMs, LONGEST_MS);
        dlqRetentionMs = Math.min(dlqRetentionMs, LONGEST_MS);
    }

    /** Of a queue whose jobs are the keeper's. */
    public QueueSettings(
            boolean fifo,
            @Nullable String groupField,
            int concurrency,
            int maxAttempts,
            long backoffMs,
            boolean exponential,
            long maxBackoffMs,
            double jitter,
            long timeoutMs,
            long delayMs,
            long holdMaxMs,
            int maxWorkerLosses,
            List<String> nonRetryableCodes,
            @Nullable String priorityField,
            @Nullable String delayField,
            @Nullable String dedupField,
            @Nullable RateLimit rateLimit,
            boolean deliverInfo,
            long resultRetentionMs) {
        this(
                fifo,
                groupField,
                concurrency,
                maxAttempts,
                backoffMs,
                exponential,
                maxBackoffMs,
                jitter,
                timeoutMs,
                delayMs,
                holdMaxMs,
                maxWorkerLosses,
                nonRetryableCodes,
                priorityField,
                delayField,
                dedupField,
                rateLimit,
                deliverInfo,
                resultRetentionMs,
                null,
                0);
    }

    /** The same, with jobs in a topic of its own, or in the keeper. */
    public QueueSettings with(@Nullable ShareGroup other) {
        return with(other, dlqRetentionMs);
    }

    /** The same, with dead letters that go away by themselves after so long; 0: they do not. */
    public QueueSettings withDlqRetention(long ms) {
        return with(share, ms);
    }

    private QueueSettings with(@Nullable ShareGroup otherShare, long otherDlqRetentionMs) {
        return new QueueSettings(
                fifo,
                groupField,
                concurrency,
                maxAttempts,
                backoffMs,
                exponential,
                maxBackoffMs,
                jitter,
                timeoutMs,
                delayMs,
                holdMaxMs,
                maxWorkerLosses,
                nonRetryableCodes,
                priorityField,
                delayField,
                dedupField,
                rateLimit,
                deliverInfo,
                resultRetentionMs,
                otherShare,
                otherDlqRetentionMs);
    }

    /** How many of the deliveries at once the keeper makes. */
    public int keeperConcurrency() {
        return share == null || concurrency == 0 ? concurrency : Math.max(1, concurrency / KEEPERS_PART);
    }

    /** How many of them all gateways make together, of what they read from the topic of a {@link #share}. */
    public int gatewayConcurrency() {
        return concurrency - keeperConcurrency();
    }

    /**
     * So many deliveries begin within a time.
     *
     * @param keyField the member of the payload by whose value they are counted apart; null: together
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record RateLimit(int max, long perMs, @Nullable String keyField) {

        public RateLimit {
            perMs = Math.min(perMs, LONGEST_MS);
        }
    }
}
