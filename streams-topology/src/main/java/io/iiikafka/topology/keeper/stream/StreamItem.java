package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A stored item.
 *
 * @param order where it stands in the list of its group: given at its creation, kept when it is overwritten
 * @param offset of the event that made it what it is
 * @param changedAtMs the timestamp of that event
 */
record StreamItem(RawJson value, long order, long offset, long changedAtMs) {}
