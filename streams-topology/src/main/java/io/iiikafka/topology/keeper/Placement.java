package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Which partitions of the commands topic a call goes to. */
public sealed interface Placement {

    /** The one that owns this key: the record's key, hashed as Kafka does. */
    record Owner(String key) implements Placement {}

    /** That one. */
    record Partition(int number) implements Placement {}

    /**
     * All of them, because each owns a part of the answer.
     *
     * @param partFunction called on each partition instead, with the same payload
     */
    record Everywhere(String partFunction, Merge merge) implements Placement {}

    /**
     * As many pages as there are, so that a long list does not hold up other commands. Each call gives a {@link Page}: the
     * first of the part function with the same payload, those that follow of the next function with the cursor of the one
     * before.
     *
     * @param owner the key of the partition that has it all; null: each has a part
     * @param partFunction called instead
     * @param nextFunction called for the pages that follow
     * @param mostBytes of all pages together
     * @param instead what to ask for when they are longer, as the end of a sentence
     * @param merge makes the answer out of the rows of all pages, those of one partition in their order
     */
    record Listing(
            @Nullable String owner,
            String partFunction,
            String nextFunction,
            long mostBytes,
            String instead,
            Merge merge)
            implements Placement {

        /** The same with another part function. */
        public Listing of(String otherPartFunction) {
            return new Listing(owner, otherPartFunction, nextFunction, mostBytes, instead, merge);
        }
    }

    /** Makes the answer out of the parts, which come in the order of the partitions, or {@linkplain Refusal refuses}. */
    @FunctionalInterface
    interface Merge {

        RawJson merge(List<RawJson> parts);
    }
}
