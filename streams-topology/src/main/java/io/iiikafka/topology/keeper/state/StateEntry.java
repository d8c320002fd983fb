package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A value that is there.
 *
 * @param value any JSON, {@code null} too
 * @param version 1 at its creation, one more with each change
 * @param order where it stands in its scope's list: when it was created, in microseconds since the epoch, at least one
 *     more than the key created before it
 * @param revision the scope's revision that changed it last
 * @param changedAtMs when that was, in epoch milliseconds
 * @param expiresAtMs epoch milliseconds from which on it counts as removed; 0: never
 */
public record StateEntry(
        RawJson value, long version, long order, long revision, long changedAtMs, long expiresAtMs) {

    boolean isThere(long nowMs) {
        return expiresAtMs == 0 || nowMs < expiresAtMs;
    }
}
