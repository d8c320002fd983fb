package io.iiikafka.sdk.protocol;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import static io.iiikafka.sdk.protocol.Field.ACTION;
import static io.iiikafka.sdk.protocol.Field.BAGGAGE;
import static io.iiikafka.sdk.protocol.Field.CALL_REQUEST_FORMAT;
import static io.iiikafka.sdk.protocol.Field.CODE;
import static io.iiikafka.sdk.protocol.Field.CONFIG;
import static io.iiikafka.sdk.protocol.Field.DATA;
import static io.iiikafka.sdk.protocol.Field.DESCRIPTION;
import static io.iiikafka.sdk.protocol.Field.ERROR;
import static io.iiikafka.sdk.protocol.Field.FUNCTION_ID;
import static io.iiikafka.sdk.protocol.Field.ID;
import static io.iiikafka.sdk.protocol.Field.INVOCATION;
import static io.iiikafka.sdk.protocol.Field.INVOCATION_ID;
import static io.iiikafka.sdk.protocol.Field.MESSAGE;
import static io.iiikafka.sdk.protocol.Field.METADATA;
import static io.iiikafka.sdk.protocol.Field.NAME;
import static io.iiikafka.sdk.protocol.Field.NAMESPACE;
import static io.iiikafka.sdk.protocol.Field.OWNER_WORKER_ID;
import static io.iiikafka.sdk.protocol.Field.PARENT_SERVICE_ID;
import static io.iiikafka.sdk.protocol.Field.PREVIOUS_WORKER_ID;
import static io.iiikafka.sdk.protocol.Field.REATTACH_TOKEN;
import static io.iiikafka.sdk.protocol.Field.REQUEST_FORMAT;
import static io.iiikafka.sdk.protocol.Field.RESPONSE_FORMAT;
import static io.iiikafka.sdk.protocol.Field.RESULT;
import static io.iiikafka.sdk.protocol.Field.STACKTRACE;
import static io.iiikafka.sdk.protocol.Field.TRACEPARENT;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_NAMESPACE;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_REQUEST_FORMAT;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_TYPE;
import static io.iiikafka.sdk.protocol.Field.WORKER_ID;
import static io.iiikafka.sdk.protocol.Field.WORKER_NAME;

/**
 * Writes frames as UTF-8 JSON: {@code type} first, ids next, payloads after them byte for byte as they are, null
 * components left out. Safe for use by many threads; each returned array is the caller's own.
 */
public final class FrameWriter {

    private static final byte[] NULL_DATA = ascii(",\"data\":null");
    private static final byte[] VOID_ACTION = ascii(",\"action\":{\"type\":\"void\"}");
    private static final byte[] ENQUEUE_ACTION = ascii(",\"action\":{\"type\":\"enqueue\",\"queue\":");

    private static final byte[] INVOKE_FUNCTION = head("invokefunction");
    private static final byte[] INVOCATION_RESULT = head("invocationresult");
    private static final byte[] REGISTER_FUNCTION = head("registerfunction");
    private static final byte[] UNREGISTER_FUNCTION = head("unregisterfunction");
    private static final byte[] REGISTER_TRIGGER_TYPE = head("registertriggertype");
    private static final byte[] UNREGISTER_TRIGGER_TYPE = head("unregistertriggertype");
    private static final byte[] REGISTER_TRIGGER = head("registertrigger");
    private static final byte[] UNREGISTER_TRIGGER = head("unregistertrigger");
    private static final byte[] TRIGGER_REGISTRATION_RESULT = head("triggerregistrationresult");
    private static final byte[] REGISTER_SERVICE = head("registerservice");
    private static final byte[] PING = head("ping");
    private static final byte[] PONG = head("pong");
    private static final byte[] WORKER_REGISTERED = head("workerregistered");
    private static final byte[] REATTACH = head("reattach");
    private static final byte[] REGISTRATION_REJECTED = head("registrationrejected");
    private static final byte[] ERROR_FRAME = head("error");

    private FrameWriter() {}

    /** Any frame. A call without payload says {@code "data":null}, since some readers ignore a call without it. */
    public static byte[] write(Frame frame) {
        JsonOutput out = JsonOutput.start();
        switch (frame) {
            case Frame.InvokeFunction f -> {
                out.raw(INVOKE_FUNCTION)
                        .member(INVOCATION_ID, f.invocationId())
                        .member(FUNCTION_ID, f.functionId());
                data(out, f.data()).member(TRACEPARENT, f.traceparent()).member(BAGGAGE, f.baggage());
                action(out, f.action()).member(METADATA, f.metadata()).member(NAMESPACE, f.namespace());
            }
            case Frame.InvocationResult f -> {
                out.raw(INVOCATION_RESULT)
                        .member(INVOCATION_ID, f.invocationId())
                        .member(FUNCTION_ID, f.functionId())
                        .member(RESULT, f.result());
                error(out, f.error()).member(TRACEPARENT, f.traceparent()).member(BAGGAGE, f.baggage());
            }
            case Frame.RegisterFunction f -> out.raw(REGISTER_FUNCTION)
                    .member(ID, f.id())
                    .member(DESCRIPTION, f.description())
                    .member(REQUEST_FORMAT, f.requestFormat())
                    .member(RESPONSE_FORMAT, f.responseFormat())
                    .member(METADATA, f.metadata())
                    .member(INVOCATION, f.invocation());
            case Frame.UnregisterFunction f -> out.raw(UNREGISTER_FUNCTION).member(ID, f.id());
            case Frame.RegisterTriggerType f -> out.raw(REGISTER_TRIGGER_TYPE)
                    .member(ID, f.id())
                    .member(DESCRIPTION, f.description())
                    .member(TRIGGER_REQUEST_FORMAT, f.triggerRequestFormat())
                    .member(CALL_REQUEST_FORMAT, f.callRequestFormat())
                    .member(NAMESPACE, f.namespace());
            case Frame.UnregisterTriggerType f -> out.raw(UNREGISTER_TRIGGER_TYPE).member(ID, f.id());
            case Frame.RegisterTrigger f -> out.raw(REGISTER_TRIGGER)
                    .member(ID, f.id())
                    .member(TRIGGER_TYPE, f.triggerType())
                    .member(FUNCTION_ID, f.functionId())
                    .member(CONFIG, f.config())
                    .member(METADATA, f.metadata())
                    .member(NAMESPACE, f.namespace())
                    .member(TRIGGER_NAMESPACE, f.triggerNamespace());
            case Frame.UnregisterTrigger f -> out.raw(UNREGISTER_TRIGGER)
                    .member(ID, f.id())
                    .member(TRIGGER_TYPE, f.triggerType())
                    .member(FUNCTION_ID, f.functionId())
                    .member(CONFIG, f.config())
                    .member(METADATA, f.metadata())
                    .member(NAMESPACE, f.namespace());
            case Frame.TriggerRegistrationResult f -> error(
                    out.raw(TRIGGER_REGISTRATION_RESULT)
                            .member(ID, f.id())
                            .member(TRIGGER_TYPE, f.triggerType())
                            .member(FUNCTION_ID, f.functionId()),
                    f.error());
            case Frame.RegisterService f -> out.raw(REGISTER_SERVICE)
                    .member(ID, f.id())
                    .member(NAME, f.name())
                    .member(DESCRIPTION, f.description())
                    .member(PARENT_SERVICE_ID, f.parentServiceId());
            case Frame.Ping f -> out.raw(PING);
            case Frame.Pong f -> out.raw(PONG);
            case Frame.WorkerRegistered f -> out.raw(WORKER_REGISTERED)
                    .member(WORKER_ID, f.workerId())
                    .member(REATTACH_TOKEN, f.reattachToken());
            case Frame.Reattach f -> out.raw(REATTACH)
                    .member(PREVIOUS_WORKER_ID, f.previousWorkerId())
                    .member(REATTACH_TOKEN, f.reattachToken());
            case Frame.RegistrationRejected f -> out.raw(REGISTRATION_REJECTED)
                    .member(CODE, f.code())
                    .member(NAMESPACE, f.namespace())
                    .member(FUNCTION_ID, f.functionId())
                    .member(WORKER_NAME, f.workerName())
                    .member(OWNER_WORKER_ID, f.ownerWorkerId());
            case Frame.ErrorFrame f -> error(out.raw(ERROR_FRAME), f.error());
        }
        return out.raw('}').finish();
    }

    /**
     * The {@code invokefunction} that the engine sends to a worker. When {@code callerWorkerId} is given and the
     * payload is an object, {@code _caller_worker_id} becomes its last member and replaces one that was there (5.3).
     *
     * @throws IllegalArgumentException if an object payload has to be searched and is not JSON
     */
    public static byte[] writeInvocation(
            String invocationId,
            String functionId,
            @Nullable RawJson data,
            @Nullable String callerWorkerId,
            @Nullable String traceparent,
            @Nullable String baggage,
            @Nullable RawJson metadata) {
        JsonOutput out = JsonOutput.start()
                .raw(INVOKE_FUNCTION)
                .member(INVOCATION_ID, invocationId)
                .member(FUNCTION_ID, functionId);
        if (data != null && callerWorkerId != null && data.isObject()) {
            CallerStamp.write(out.raw(',').raw(DATA.prefix), data, callerWorkerId);
        } else {
            data(out, data);
        }
        return out.member(TRACEPARENT, traceparent)
                .member(BAGGAGE, baggage)
                .member(METADATA, metadata)
                .raw('}')
                .finish();
    }

    private static JsonOutput data(JsonOutput out, @Nullable RawJson data) {
        return data == null ? out.raw(NULL_DATA) : out.member(DATA, data);
    }

    private static JsonOutput action(JsonOutput out, Action action) {
        return switch (action) {
            case Action.Sync sync -> out;
            case Action.Void ignored -> out.raw(VOID_ACTION);
            case Action.Enqueue enqueue -> out.raw(ENQUEUE_ACTION).string(enqueue.queue()).raw('}');
        };
    }

    private static JsonOutput error(JsonOutput out, @Nullable ErrorBody error) {
        if (error == null) {
            return out;
        }
        return out.raw(',')
                .raw(ERROR.prefix)
                .raw('{')
                .raw(CODE.prefix)
                .string(error.code())
                .member(MESSAGE, error.message())
                .member(STACKTRACE, error.stacktrace())
                .raw('}');
    }

    private static byte[] head(String type) {
        return ascii("{\"type\":\"" + type + '"');
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
