package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A stored item.
 *
 * @param order where it stands in the list of its group: given at its creation, kept when it is overwritten
 * @param offset of the event that made it what it is
 * @param changedAtMs the timestamp of that event
 * @param expiresAtMs epoch milliseconds at which it is to be removed; 0: it stays
 */
record StreamItem(RawJson value, long order, long offset, long changedAtMs, long expiresAtMs) {

    /** Of one that stays. */
    StreamItem(RawJson value, long order, long offset, long changedAtMs) {
        this(value, order, offset, changedAtMs, 0);
    }
}
