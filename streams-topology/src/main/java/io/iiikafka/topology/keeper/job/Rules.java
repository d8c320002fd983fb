package io.iiikafka.topology.keeper.job;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a job at the moment. Times are milliseconds.
 *
 * @param jitter 0 to 1: by so much of it a back-off may be longer
 * @param holdMs so long it waits for somebody to serve its function
 * @param maxWorkerLosses so often an attempt that ends with its worker is not counted
 * @param finalCodes errors after which it is not tried again
 * @param deliverInfo whether handlers are told of the delivery
 * @param made deliveries that were made before it became a job
 */
record Rules(
        int maxAttempts,
        long backoffMs,
        boolean exponential,
        long maxBackoffMs,
        double jitter,
        long timeoutMs,
        long holdMs,
        int maxWorkerLosses,
        List<String> finalCodes,
        boolean deliverInfo,
        int made) {

    static Rules of(Terms.Own terms) {
        Retry retry = terms.retry();
        return new Rules(
                retry.maxAttempts(),
                retry.backoffMs(),
                true,
                retry.maxBackoffMs(),
                0,
                retry.timeoutMs(),
                terms.keptMs(),
                0,
                List.of(),
                false,
                0);
    }

    static Rules of(QueueSettings settings, Terms.Agreed terms) {
        JsonNode own = terms.overrides() == null
                ? MissingNode.getInstance()
                : terms.overrides().toTree();
        String type = own.path("backoff_type").asText("");
        long backoffMs = own.path("backoff_ms").asLong(settings.backoffMs());
        return new Rules(
                own.path("max_attempts").asInt(settings.maxAttempts()),
                backoffMs,
                type.isEmpty() ? settings.exponential() : !type.equals("fixed"),
                own.path("max_backoff_ms").asLong(Math.max(settings.maxBackoffMs(), backoffMs)),
                own.path("jitter").asDouble(settings.jitter()),
                own.path("timeout_ms").asLong(settings.timeoutMs()),
                settings.holdMaxMs() == 0 ? Long.MAX_VALUE : settings.holdMaxMs(),
                settings.maxWorkerLosses(),
                settings.nonRetryableCodes(),
                settings.deliverInfo(),
                own.path("made").asInt(0));
    }

    /**
     * How long to wait after so many failed attempts.
     *
     * @param seed the same for the same failure, which must come to the same again
     */
    long delayMs(int failed, @Nullable String seed) {
        long delay = exponential
                ? new Retry(maxAttempts, backoffMs, maxBackoffMs, timeoutMs).delayMs(failed)
                : Math.min(backoffMs, maxBackoffMs);
        double part = seed == null ? 0 : (seed.hashCode() & 0xffff) / 65_536.0;
        return delay + (long) (delay * jitter * part);
    }
}
