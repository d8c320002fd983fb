package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * A value that is there.
 *
 * @param value any JSON, {@code null} too
 * @param version 1 at its creation, one more with each change
 * @param order where it stands in its scope's list: the scope's count of creations when it was created
 * @param revision the scope's revision that changed it last
 * @param changedAtMs when that was, in epoch milliseconds
 */
public record StateEntry(RawJson value, long version, long order, long revision, long changedAtMs) {}
