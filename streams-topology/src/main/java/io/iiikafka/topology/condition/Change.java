package io.iiikafka.topology.condition;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What a condition is asked about.
 *
 * @param before null: there was no value
 * @param after null: there is none any more
 * @param eventType for example {@code state:updated}
 */
public record Change(
        String scope, String key, String eventType, @Nullable RawJson before, @Nullable RawJson after) {}
