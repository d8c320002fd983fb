package io.iiikafka.sdk;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.RawJson;

/** Somebody's trigger of a type that this worker provides. Fire it with {@link Worker#call(TriggerBinding)}. */
public record TriggerBinding(
        String id,
        String triggerType,
        String functionId,
        RawJson config,
        @Nullable RawJson metadata,
        @Nullable String namespace) {}
