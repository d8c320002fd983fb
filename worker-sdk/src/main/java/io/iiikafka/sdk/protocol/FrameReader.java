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
import static io.iiikafka.sdk.protocol.Field.QUEUE;
import static io.iiikafka.sdk.protocol.Field.REATTACH_TOKEN;
import static io.iiikafka.sdk.protocol.Field.REQUEST_FORMAT;
import static io.iiikafka.sdk.protocol.Field.RESPONSE_FORMAT;
import static io.iiikafka.sdk.protocol.Field.RESULT;
import static io.iiikafka.sdk.protocol.Field.STACKTRACE;
import static io.iiikafka.sdk.protocol.Field.TRACEPARENT;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_NAMESPACE;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_REQUEST_FORMAT;
import static io.iiikafka.sdk.protocol.Field.TRIGGER_TYPE;
import static io.iiikafka.sdk.protocol.Field.TYPE;
import static io.iiikafka.sdk.protocol.Field.WORKER_ID;
import static io.iiikafka.sdk.protocol.Field.WORKER_NAME;

/**
 * Reads one message into its {@link Frame}, in one pass and without looking into payloads: {@code data},
 * {@code result}, {@code config}, {@code metadata}, schemas and {@code invocation} become slices of the given array,
 * which the caller must therefore not change or reuse.
 *
 * <p>{@code type} may stand anywhere; unknown members are skipped; of a key that comes twice the last one counts; an
 * optional member that is {@code null} counts as absent. Everything else that is not a well-formed frame (bad JSON or
 * UTF-8, text after the object, nesting deeper than 128, a number of more than 1,000 characters, an id above 8 KiB, an unknown
 * {@code type} or action, a member missing or of the wrong type) is an {@link InvalidFrameException}, and nothing else is ever thrown.
 */
public final class FrameReader {

    private static final int SHOWN_TYPE_LENGTH = 64;

    private FrameReader() {}

    public static Frame read(String message) throws InvalidFrameException {
        return read(message.getBytes(StandardCharsets.UTF_8));
    }

    public static Frame read(byte[] message) throws InvalidFrameException {
        return read(message, 0, message.length);
    }

    public static Frame read(byte[] bytes, int offset, int length) throws InvalidFrameException {
        Members members = new Members(bytes, offset, length);
        try {
            return frame(members.collect());
        } catch (MalformedException e) {
            String type = members.readable(TYPE);
            String id = members.readable(INVOCATION_ID);
            throw new InvalidFrameException(
                    (type == null ? "" : shown(type) + ": ") + e.getMessage(),
                    type,
                    id == null || id.isEmpty() ? null : id,
                    members.readable(FUNCTION_ID));
        }
    }

    private static Frame frame(Members m) throws MalformedException {
        String type = m.requiredId(TYPE);
        return switch (type) {
            case "invokefunction" -> new Frame.InvokeFunction(
                    invocationId(m),
                    m.requiredId(FUNCTION_ID),
                    m.raw(DATA),
                    m.optionalId(TRACEPARENT),
                    m.optionalText(BAGGAGE),
                    action(m.optionalObject(ACTION)),
                    m.raw(METADATA),
                    m.optionalId(NAMESPACE));
            case "invocationresult" -> new Frame.InvocationResult(
                    requiredInvocationId(m),
                    m.requiredId(FUNCTION_ID),
                    m.raw(RESULT),
                    error(m.optionalObject(ERROR)),
                    m.optionalId(TRACEPARENT),
                    m.optionalText(BAGGAGE));
            case "registerfunction" -> new Frame.RegisterFunction(
                    m.requiredId(ID),
                    m.optionalText(DESCRIPTION),
                    m.raw(REQUEST_FORMAT),
                    m.raw(RESPONSE_FORMAT),
                    m.raw(METADATA),
                    m.raw(INVOCATION));
            case "unregisterfunction" -> new Frame.UnregisterFunction(m.requiredId(ID));
            case "registertriggertype" -> new Frame.RegisterTriggerType(
                    m.requiredId(ID),
                    orEmpty(m.optionalText(DESCRIPTION)),
                    m.raw(TRIGGER_REQUEST_FORMAT),
                    m.raw(CALL_REQUEST_FORMAT),
                    m.optionalId(NAMESPACE));
            case "unregistertriggertype" -> new Frame.UnregisterTriggerType(m.requiredId(ID));
            case "registertrigger" -> new Frame.RegisterTrigger(
                    m.requiredId(ID),
                    m.requiredId(TRIGGER_TYPE),
                    m.requiredId(FUNCTION_ID),
                    orEmptyObject(m.raw(CONFIG)),
                    m.raw(METADATA),
                    m.optionalId(NAMESPACE),
                    m.optionalId(TRIGGER_NAMESPACE));
            case "unregistertrigger" -> new Frame.UnregisterTrigger(
                    m.requiredId(ID),
                    m.optionalId(TRIGGER_TYPE),
                    m.optionalId(FUNCTION_ID),
                    m.raw(CONFIG),
                    m.raw(METADATA),
                    m.optionalId(NAMESPACE));
            case "triggerregistrationresult" -> new Frame.TriggerRegistrationResult(
                    m.requiredId(ID),
                    m.requiredId(TRIGGER_TYPE),
                    m.requiredId(FUNCTION_ID),
                    error(m.optionalObject(ERROR)));
            case "registerservice" -> new Frame.RegisterService(
                    m.requiredId(ID),
                    m.optionalText(NAME),
                    m.optionalText(DESCRIPTION),
                    m.optionalId(PARENT_SERVICE_ID));
            case "ping" -> new Frame.Ping();
            case "pong" -> new Frame.Pong();
            case "workerregistered" -> new Frame.WorkerRegistered(
                    m.requiredId(WORKER_ID), m.optionalId(REATTACH_TOKEN));
            case "reattach" -> new Frame.Reattach(m.optionalId(PREVIOUS_WORKER_ID), m.optionalId(REATTACH_TOKEN));
            case "registrationrejected" -> new Frame.RegistrationRejected(
                    m.requiredId(CODE),
                    m.requiredId(NAMESPACE),
                    m.optionalId(FUNCTION_ID),
                    m.optionalText(WORKER_NAME),
                    m.requiredId(OWNER_WORKER_ID));
            case "error" -> new Frame.ErrorFrame(requiredError(m));
            default -> throw new MalformedException("unknown frame type");
        };
    }

    private static @Nullable String invocationId(Members m) throws MalformedException {
        String id = m.optionalId(INVOCATION_ID);
        if (id != null && id.isEmpty()) {
            throw m.fault(INVOCATION_ID, "is empty: name the call, or leave it out to want no answer");
        }
        return id;
    }

    private static String requiredInvocationId(Members m) throws MalformedException {
        String id = invocationId(m);
        if (id == null) {
            throw m.fault(INVOCATION_ID, "is missing");
        }
        return id;
    }

    private static Action action(@Nullable Members action) throws MalformedException {
        if (action == null) {
            return Action.SYNC;
        }
        String type = action.requiredId(TYPE);
        return switch (type) {
            case "void" -> Action.VOID;
            case "enqueue" -> new Action.Enqueue(action.requiredId(QUEUE), action.unknown() ? action.all() : null);
            default -> throw action.fault(TYPE, "is unknown: " + shown(type) + "; use void or enqueue");
        };
    }

    private static ErrorBody requiredError(Members m) throws MalformedException {
        ErrorBody error = error(m.optionalObject(ERROR));
        if (error == null) {
            throw m.fault(ERROR, "is missing");
        }
        return error;
    }

    private static @Nullable ErrorBody error(@Nullable Members error) throws MalformedException {
        if (error == null) {
            return null;
        }
        return new ErrorBody(
                error.requiredId(CODE), orEmpty(error.optionalText(MESSAGE)), error.optionalText(STACKTRACE));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static RawJson orEmptyObject(@Nullable RawJson value) {
        return value == null ? RawJson.EMPTY_OBJECT : value;
    }

    /** A peer's text, short and on one line, fit for a message that may be logged. */
    private static String shown(String type) {
        String start = type.length() <= SHOWN_TYPE_LENGTH ? type : type.substring(0, SHOWN_TYPE_LENGTH) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
