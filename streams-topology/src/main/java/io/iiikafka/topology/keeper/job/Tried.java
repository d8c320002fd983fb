package io.iiikafka.topology.keeper.job;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What became of a delivery that a gateway made, and that did not succeed.
 *
 * @param made attempts that count: 0 when it was not run, or its worker was lost
 * @param last whether it is not tried again
 * @param once what is told with the same again is the same; null: the receipt tells
 * @param error {@code {"code","message"}}
 * @param known whether the gateway counts the job among those that came
 * @param delivered whether it counts the delivery
 */
public record Tried(
        int made, boolean last, @Nullable String once, RawJson error, boolean known, boolean delivered) {}
