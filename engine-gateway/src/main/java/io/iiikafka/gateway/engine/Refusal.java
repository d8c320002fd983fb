package io.iiikafka.gateway.engine;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;

/** An engine function declines its input; the caller gets the error, nobody a stack trace. */
final class Refusal extends RuntimeException {

    private final transient ErrorBody error;

    private Refusal(ErrorBody error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    static Refusal of(ErrorCode code, String message) {
        return new Refusal(code.body(message));
    }

    static Refusal of(ErrorBody error) {
        return new Refusal(error);
    }

    ErrorBody error() {
        return error;
    }
}
