package io.iiikafka.sdk.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One message of the worker protocol: a JSON object tagged by a lower-case {@code type} (spec: protocol.md section 3).
 * An optional component is null when the field was absent or {@code null}; payloads stay raw.
 */
public sealed interface Frame {

    /** {@code {"type":"registerfunction","id":"math::add","request_format":{…}}} (3.1); {@code invocation}: section 9. */
    record RegisterFunction(
            String id,
            @Nullable String description,
            @Nullable RawJson requestFormat,
            @Nullable RawJson responseFormat,
            @Nullable RawJson metadata,
            @Nullable RawJson invocation)
            implements Frame {}

    /** {@code {"type":"unregisterfunction","id":"math::add"}} (3.2). */
    record UnregisterFunction(String id) implements Frame {}

    /** {@code {"type":"registertriggertype","id":"webhook","description":"…"}} (3.3); absent description is {@code ""}. */
    record RegisterTriggerType(
            String id,
            String description,
            @Nullable RawJson triggerRequestFormat,
            @Nullable RawJson callRequestFormat,
            @Nullable String namespace)
            implements Frame {}

    /** {@code {"type":"unregistertriggertype","id":"webhook"}} (3.3). */
    record UnregisterTriggerType(String id) implements Frame {}

    /**
     * {@code {"type":"registertrigger","id":"0d9c…","trigger_type":"cron","function_id":"jobs::nightly","config":{…}}}
     * (3.4), in both directions. Absent or null {@code config} is {@code {}}.
     */
    record RegisterTrigger(
            String id,
            String triggerType,
            String functionId,
            RawJson config,
            @Nullable RawJson metadata,
            @Nullable String namespace,
            @Nullable String triggerNamespace)
            implements Frame {}

    /** {@code {"type":"unregistertrigger","id":"0d9c…","trigger_type":"cron"}} (3.4), in both directions. */
    record UnregisterTrigger(
            String id,
            @Nullable String triggerType,
            @Nullable String functionId,
            @Nullable RawJson config,
            @Nullable RawJson metadata,
            @Nullable String namespace)
            implements Frame {}

    /** {@code {"type":"triggerregistrationresult","id":"…","trigger_type":"…","function_id":"…","error":{…}}} (3.5). */
    record TriggerRegistrationResult(String id, String triggerType, String functionId, @Nullable ErrorBody error)
            implements Frame {}

    /**
     * {@code {"type":"invokefunction","invocation_id":"…","function_id":"math::add","data":{…}}} (3.6). No
     * {@code invocationId}: fire and forget. {@code data} absent or {@code null} is null here.
     */
    record InvokeFunction(
            @Nullable String invocationId,
            String functionId,
            @Nullable RawJson data,
            @Nullable String traceparent,
            @Nullable String baggage,
            Action action,
            @Nullable RawJson metadata,
            @Nullable String namespace)
            implements Frame {}

    /**
     * {@code {"type":"invocationresult","invocation_id":"…","function_id":"…","result":…}} (3.7): a null
     * {@code result} without {@code error} is success without a value.
     */
    record InvocationResult(
            String invocationId,
            String functionId,
            @Nullable RawJson result,
            @Nullable ErrorBody error,
            @Nullable String traceparent,
            @Nullable String baggage)
            implements Frame {}

    /** {@code {"type":"registerservice","id":"…"}} (3.8): accepted, purely descriptive. */
    record RegisterService(
            String id, @Nullable String name, @Nullable String description, @Nullable String parentServiceId)
            implements Frame {}

    /** {@code {"type":"ping"}} (1.6). */
    record Ping() implements Frame {}

    /** {@code {"type":"pong"}} (1.6). */
    record Pong() implements Frame {}

    /** {@code {"type":"workerregistered","worker_id":"…","reattach_token":"…"}} (2.1): the engine's first frame. */
    record WorkerRegistered(String workerId, @Nullable String reattachToken) implements Frame {}

    /** {@code {"type":"reattach","previous_worker_id":"…","reattach_token":"…"}} (2.4). */
    record Reattach(@Nullable String previousWorkerId, @Nullable String reattachToken) implements Frame {}

    /** {@code {"type":"registrationrejected","code":"FUNCTION_NAMESPACE_CONFLICT",…}} (3.9). */
    record RegistrationRejected(
            String code,
            String namespace,
            @Nullable String functionId,
            @Nullable String workerName,
            String ownerWorkerId)
            implements Frame {}

    /** {@code {"type":"error","error":{…}}} (10.2): only before a refused connection is closed. */
    record ErrorFrame(ErrorBody error) implements Frame {}
}
