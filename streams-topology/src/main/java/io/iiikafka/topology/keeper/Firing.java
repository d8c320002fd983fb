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
 */
public record Firing(
        Call call, @Nullable String condition, @Nullable String worker, @Nullable Terms terms) {

    public Firing(Call call, @Nullable String condition) {
        this(call, condition, null, null);
    }

    public Firing(Call call, @Nullable String condition, @Nullable Terms terms) {
        this(call, condition, null, terms);
    }

    /** The same in that trace context. */
    Firing below(String traceparent) {
        return new Firing(call.below(traceparent), condition, worker, terms);
    }
}
