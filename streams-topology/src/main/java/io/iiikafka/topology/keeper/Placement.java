package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;

/** Which partitions of the commands topic a call goes to. */
public sealed interface Placement {

    /** The one that owns this key: the record's key, hashed as Kafka does. */
    record Owner(String key) implements Placement {}

    /**
     * All of them, because each owns a part of the answer.
     *
     * @param partFunction called on each partition instead, with the same payload
     */
    record Everywhere(String partFunction, Merge merge) implements Placement {}

    /** Makes the answer out of the parts, which come in the order of the partitions. */
    @FunctionalInterface
    interface Merge {

        RawJson merge(List<RawJson> parts);
    }
}
