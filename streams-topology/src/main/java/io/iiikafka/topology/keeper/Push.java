package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * What has happened in a group, for a gateway on which somebody listens to it.
 *
 * @param gateway it is for
 * @param slot the partition of {@code results} that the gateway reads
 * @param key the stream and the group
 * @param frame as subscribers get it
 * @param eventId the same each time that the command is run
 * @param offset in the log of the group: its own, or that of the last event before it
 * @param logged whether the offset is its own
 * @param timestampMs of the frame; rises with every event of the group
 */
public record Push(
        String gateway,
        int slot,
        String key,
        RawJson frame,
        String eventId,
        long offset,
        boolean logged,
        long timestampMs) {}
