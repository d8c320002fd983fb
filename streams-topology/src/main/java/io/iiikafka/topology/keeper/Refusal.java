package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Outcome;

/** A function declines what it was asked; nothing changes, the caller gets the error, nobody a stack trace. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Outcome.Failure outcome;

    public Refusal(ErrorCode code, String message) {
        super(message, null, false, false);
        this.outcome = new Outcome.Failure(code.body(message));
    }

    public Outcome outcome() {
        return outcome;
    }
}
