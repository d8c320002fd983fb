package io.iiikafka.gateway.invocation;

import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * Tells workers that one of the keeper's functions failed in a certain way with the error code that its feature has for that.
 * What calls it otherwise, an HTTP route or a job, goes by the engine's code.
 *
 * @param general the engine's codes for what happened
 * @param own the feature's
 * @param advice follows the message; may be empty
 */
public record OwnWords(
        EngineInvoker invoker, KeeperFunction function, Set<ErrorCode> general, ErrorCode own, String advice)
        implements Detour {

    /** Lets the invoker answer calls of the function like that. */
    public void use() {
        invoker.detour(function.id(), this);
    }

    @Override
    public boolean takes(Call call, OutcomeHandler handler) {
        if (!call.reply() || call.callerWorkerId() == null) {
            return false;
        }
        invoker.command(function, call, outcome -> handler.ended(told(outcome)));
        return true;
    }

    private Outcome told(Outcome outcome) {
        return outcome instanceof Outcome.Failure failure
                        && general.stream().anyMatch(each -> each.code().equals(failure.error().code()))
                ? Outcome.failure(own, failure.error().message() + advice)
                : outcome;
    }
}
