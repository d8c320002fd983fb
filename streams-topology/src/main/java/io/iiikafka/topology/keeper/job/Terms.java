package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * On which terms a call is made a job.
 *
 * @param queue jobs of the same queue call the same function, oldest first
 * @param lane within the queue, of which only one job runs, and the next waits until it is done; null: it waits for none
 * @param maxInFlight so many jobs of the queue run at once, of this partition
 * @param keptMs how long it waits for somebody to serve its function; without such a wait no attempt is counted
 * @param deadLetterFunction in the call's namespace, told of a job that is given up; null: nobody is
 * @param meta becomes the payload's member {@code meta}, with {@code attempt} added; null: none
 * @param batch null: each job is a call of its own
 */
public record Terms(
        String queue,
        @Nullable String lane,
        Retry retry,
        int maxInFlight,
        long keptMs,
        @Nullable String deadLetterFunction,
        @Nullable RawJson meta,
        @Nullable Batch batch) {}
