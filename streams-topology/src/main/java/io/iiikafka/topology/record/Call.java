package io.iiikafka.topology.record;

import java.util.Objects;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * One call of a function, whoever makes it: a worker, an HTTP request, a trigger that fires, the engine itself.
 *
 * @param invocationId the id that callee and caller see; a UUID that the engine made unless the caller chose one
 * @param functionId the target, for example {@code math::add}
 * @param namespace where the target is looked up
 * @param data the payload, or null when the caller gave none
 * @param metadata the sidecar handed to the handler beside the payload (spec: protocol.md 5.4)
 * @param reply whether somebody waits for the outcome
 * @param callerWorkerId the connection of the calling worker; null for calls that no worker makes (5.3)
 * @param traceparent W3C trace context, passed on unchanged (5.5)
 * @param baggage W3C baggage, passed on
 * @param deadlineMs epoch milliseconds after which nobody waits any more
 */
public record Call(
        String invocationId,
        String functionId,
        String namespace,
        @Nullable RawJson data,
        @Nullable RawJson metadata,
        boolean reply,
        @Nullable String callerWorkerId,
        @Nullable String traceparent,
        @Nullable String baggage,
        long deadlineMs) {

    /** The namespace of calls that name none. */
    public static final String DEFAULT_NAMESPACE = "default";

    /** What is worth keeping of a call that has been handed over. */
    public Call withoutPayload() {
        return new Call(
                invocationId, functionId, namespace, null, null, reply, callerWorkerId, traceparent, baggage, deadlineMs);
    }

    /** The same call outside of any trace. */
    public Call withoutTrace() {
        return new Call(
                invocationId, functionId, namespace, data, metadata, reply, callerWorkerId, null, null, deadlineMs);
    }

    /** The same call by another id. */
    public Call named(String id) {
        return new Call(
                id, functionId, namespace, data, metadata, reply, callerWorkerId, traceparent, baggage, deadlineMs);
    }

    /** The same call in that trace context. */
    public Call below(String parent) {
        return new Call(
                invocationId, functionId, namespace, data, metadata, reply, callerWorkerId, parent, baggage, deadlineMs);
    }

    /** Whether the other differs in nothing but its id, its function, its metadata and its baggage, and nobody waits for either. */
    boolean goesWith(Call other) {
        return !reply
                && !other.reply
                && deadlineMs == other.deadlineMs
                && namespace.equals(other.namespace)
                && Objects.equals(data, other.data)
                && Objects.equals(callerWorkerId, other.callerWorkerId)
                && Objects.equals(traceparent, other.traceparent);
    }
}
