package io.iiikafka.topology.record;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
public sealed interface Outcome {

    Success NO_VALUE = new Success(null);

    /** The function answered; a null {@code value} is "no value" (spec: protocol.md 3.7). */
    record Success(@Nullable RawJson value) implements Outcome {}

    /** The function, or the engine on its behalf, failed. */
    record Failure(ErrorBody error) implements Outcome {}

    static Outcome failure(ErrorCode code, String message) {
        return new Failure(code.body(message));
    }
}
