package io.iiikafka.gateway.trigger;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A trigger: one configuration of a trigger type bound to one function (spec: protocol.md 4.4).
 *
 * @param key identifies this registration: owner and trigger id. A re-registration by the same owner has the same key.
 * @param id the trigger id, global across owners; the last registration of an id wins
 * @param ownerConnectionId the connection that registered it, or null for a durable binding
 * @param triggerType for example {@code http}
 * @param functionId the target
 * @param namespace where target, condition and middleware are looked up
 * @param config as registered; {@code {}} when none was given
 * @param metadata handed to the target at each firing
 * @param offset where the registration stands in the catalog: the order on which all gateways agree
 */
public record Binding(
        String key,
        String id,
        @Nullable String ownerConnectionId,
        String triggerType,
        String functionId,
        String namespace,
        RawJson config,
        @Nullable RawJson metadata,
        long offset) {}
