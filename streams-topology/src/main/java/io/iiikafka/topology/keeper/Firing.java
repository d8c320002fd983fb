package io.iiikafka.topology.keeper;

import io.iiikafka.topology.keeper.job.Terms;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A call that a command causes.
 *
 * @param call nobody waits for it
 * @param condition a function of the same namespace that may veto the call; null: none
 * @param worker the connection that is to run it as long as it serves the function; null: any that does
 * @param terms on which it is repeated until it is answered; null: it is made once
 * @param awaited under this number its outcome comes back to the {@linkplain Desk#answered desk}; 0: it does not
 * @param expression of the schedule that makes it, for its span; null: none does
 * @param topic of pub/sub, of an event of which it tells; null: none
 */
public record Firing(
        Call call,
        @Nullable String condition,
        @Nullable String worker,
        @Nullable Terms terms,
        long awaited,
        @Nullable String expression,
        @Nullable String topic) {

    public Firing(Call call, @Nullable String condition) {
        this(call, condition, null);
    }

    public Firing(Call call, @Nullable String condition, @Nullable Terms terms) {
        this(call, condition, null, terms);
    }

    public Firing(Call call, @Nullable String condition, @Nullable String worker, @Nullable Terms terms) {
        this(call, condition, worker, terms, 0, null, null);
    }

    /** A call that tells a subscription of an event, once at most. */
    public static Firing ofEvent(Call call, @Nullable String condition, @Nullable String worker, String topic) {
        return new Firing(call, condition, worker, null, 0, null, topic);
    }

    /**
     * A call that is made once at most: only when the transaction that says so is committed. It must ask for a reply.
     *
     * @param number under which its outcome comes back to the desk
     * @param expression of the schedule
     */
    public static Firing awaited(Call call, @Nullable String condition, long number, String expression) {
        return new Firing(call, condition, null, null, number, expression, null);
    }

    /** The same in that trace context. */
    Firing below(String traceparent) {
        return new Firing(call.below(traceparent), condition, worker, terms, awaited, expression, topic);
    }
}
