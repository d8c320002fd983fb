package io.iiikafka.gateway.trigger;

import org.jspecify.annotations.Nullable;

/** What has become of a trigger. */
public sealed interface TriggerState {

    /** Served by a built-in type. */
    record Builtin(String typeId) implements TriggerState {}

    /** Served by a worker. */
    record Provided(String connection, String providerNamespace, String typeId) implements TriggerState {}

    /** Waits for a provider, or for its provider to register again after a refusal. */
    record Parked(@Nullable String reason) implements TriggerState {}

    default boolean live() {
        return !(this instanceof Parked);
    }
}
