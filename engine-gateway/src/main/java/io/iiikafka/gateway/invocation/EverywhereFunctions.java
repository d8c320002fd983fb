package io.iiikafka.gateway.invocation;

import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;

/**
 * Functions of the engine's own that can be called in every namespace which has none of the same id (spec: queue.md 4.9,
 * pubsub.md): SDKs send a worker's namespace with every call but those of {@code engine::…}.
 */
final class EverywhereFunctions {

    private static final String PREFIX = "iii::";
    /** The one of {@code engine::…} is called by schedules, whose conditions are looked up in the namespace of the call. */
    private static final Set<String> IDS =
            Set.of("publish", "publish_batch", "enqueue", "emit", "queue::define", "engine::queue::enqueue");

    /** Calls a function for its caller, who means one of the own namespace. */
    private static final String ON_BEHALF = "iii::queue::enqueue";

    private EverywhereFunctions() {}

    static boolean has(String functionId) {
        return functionId.startsWith(PREFIX) || IDS.contains(functionId);
    }

    /** The call of the engine's own function that is meant. */
    static Call meant(Call call) {
        RawJson data = call.data();
        return new Call(
                call.invocationId(),
                call.functionId(),
                Call.DEFAULT_NAMESPACE,
                data != null && data.isObject() && call.functionId().equals(ON_BEHALF)
                        ? inNamespace(data, call.namespace())
                        : data,
                call.metadata(),
                call.reply(),
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }

    /** What the payload itself says goes first. */
    private static RawJson inNamespace(RawJson data, String namespace) {
        JsonBuilder object = JsonBuilder.object(data.length()).member("namespace", namespace);
        data.forEachMember(object::member);
        return object.build();
    }
}
