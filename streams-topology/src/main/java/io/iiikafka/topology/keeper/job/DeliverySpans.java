package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each delivery of a job of a named queue or a subscription (spec: queue.md 9). Called on any thread, of
 * keepers and of gateways that run jobs themselves; must be quick. What a keeper does again after a crash is told again.
 */
public interface DeliverySpans {

    /** Makes none: handlers go on right under what enqueued. */
    DeliverySpans NONE = new DeliverySpans() {};

    /** An attempt begins; gives the trace context of what is below its span, null when it has none. */
    default @Nullable String begin(Attempt attempt) {
        return null;
    }

    /**
     * The attempt is over.
     *
     * @param invocationId of its call
     * @param error null: it succeeded
     */
    default void end(String invocationId, @Nullable RawJson error) {}

    /** The attempt goes on, and its end will be another process's. */
    default void leave(String invocationId) {}
}
