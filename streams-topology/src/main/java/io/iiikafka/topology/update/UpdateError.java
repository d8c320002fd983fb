package io.iiikafka.topology.update;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * Why an operation was left out (spec: state.md 4.5).
 *
 * @param operation its position among the operations, from 0
 * @param code for example {@code increment.not_number}
 */
public record UpdateError(int operation, String code, String message) {

    public RawJson toJson() {
        return JsonBuilder.object()
                .member("op_index", operation)
                .member("code", code)
                .member("message", message)
                .build();
    }
}
