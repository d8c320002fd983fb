package io.iiikafka.gateway.trigger;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A trigger type as introspection shows it, built in or provided by a worker.
 *
 * @param owner the worker name shown for it
 * @param provider the connection that provides it; null for built-in types
 */
public record TriggerTypeView(
        String id,
        String namespace,
        String owner,
        @Nullable String provider,
        String description,
        @Nullable RawJson configurationSchema,
        @Nullable RawJson requestSchema,
        @Nullable RawJson responseSchema) {}
