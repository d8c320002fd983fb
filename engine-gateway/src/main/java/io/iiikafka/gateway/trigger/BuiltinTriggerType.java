package io.iiikafka.gateway.trigger;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A trigger type that the engine serves itself, on every gateway, in the namespace {@code default}.
 *
 * <ol>
 *   <li>{@link #bind} and {@link #unbind} are called on one thread, in the order of the catalog, which is the same on
 *       every gateway: what one gateway refuses, all refuse.
 *   <li>A re-registration of a binding is a {@link #bind} with the same {@link Binding#key()} without an unbind before
 *       it: it replaces the earlier one.
 *   <li>Neither may block.
 * </ol>
 */
public interface BuiltinTriggerType {

    /** The type's id, for example {@code http}. */
    String id();

    /** The worker name shown as its owner, for example {@code iii-http} (spec: protocol.md 6.1). */
    String ownerName();

    String description();

    /** JSON Schema of a binding's {@code config}. */
    @Nullable RawJson configurationSchema();

    /** JSON Schema of what handlers receive. */
    @Nullable RawJson requestSchema();

    /** JSON Schema of what handlers must return. */
    @Nullable RawJson responseSchema();

    /** Makes the binding live; returns why not, or null when it is. */
    @Nullable ErrorBody bind(Binding binding);

    /** Ends a binding that {@link #bind} accepted. */
    void unbind(Binding binding);
}
