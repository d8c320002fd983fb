package io.iiikafka.topology.keeper.job;

import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A call of a job that is to be made now.
 *
 * @param call its outcome is to come back to {@link Jobs#answered}
 * @param condition a function that may veto it; null: none
 * @param number of the job
 * @param queue which the job is in
 * @param receipt names the job
 * @param made attempts before this one
 * @param keepsResult whether what the function returns is kept
 * @param redrivenBy trace context of the call that moved the job back from the dead letters; null: none did, or it had none
 */
public record Attempt(
        Call call,
        @Nullable String condition,
        long number,
        String queue,
        String receipt,
        int made,
        boolean keepsResult,
        @Nullable String redrivenBy) {

    /** Whether its queue is a named queue or a subscription. */
    public boolean isAgreed() {
        return Agreements.holds(queue);
    }

    /** The same in that trace context. */
    public Attempt below(String traceparent) {
        return new Attempt(call.below(traceparent), condition, number, queue, receipt, made, keepsResult, redrivenBy);
    }
}
