package io.iiikafka.sdk;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * The call that a handler serves. Its trace context is OpenTelemetry's current context while the handler runs.
 *
 * @param id the call's id
 * @param functionId the function as it was called
 * @param data the payload as it came; {@link RawJson#NULL} when there was none
 * @param metadata what travels beside the payload, if anything
 */
public record Invocation(@Nullable String id, String functionId, RawJson data, @Nullable RawJson metadata) {

    /** The connection that called, when a worker did and the payload is an object. */
    public @Nullable String callerWorkerId() {
        JsonNode caller = data.isObject() ? data.toTree().get("_caller_worker_id") : null;
        return caller == null ? null : caller.textValue();
    }
}
