package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;

/**
 * What is known of a topic.
 *
 * @param earliest the offset of the first event that is kept; one more than {@code latest} when none is
 * @param latest the offset of the last one
 * @param lastMs when that was, in epoch milliseconds
 * @param before the offset before its first event
 */
record TopicInfo(long earliest, long latest, long lastMs, long before) {

    /** Of which nothing was published yet; its first event is the one after that offset. */
    static TopicInfo after(long offset) {
        return new TopicInfo(offset + 1, offset, 0, offset);
    }

    /** How many events were published. */
    long published() {
        return latest - before;
    }

    boolean isNew() {
        return latest == before;
    }

    TopicInfo published(long nowMs) {
        return new TopicInfo(earliest, latest + 1, nowMs, before);
    }

    TopicInfo keptFrom(long offset) {
        return new TopicInfo(offset, latest, lastMs, before);
    }

    RawJson toJson() {
        return JsonBuilder.object()
                .member("earliest", earliest)
                .member("latest", latest)
                .member("last", lastMs)
                .member("before", before)
                .build();
    }

    static TopicInfo of(RawJson json) {
        Input input = Input.of("topic", json);
        return new TopicInfo(
                input.integer("earliest", 0, Long.MAX_VALUE, 1),
                input.integer("latest", 0, Long.MAX_VALUE, 0),
                input.integer("last", 0, Long.MAX_VALUE, 0),
                input.integer("before", 0, Long.MAX_VALUE, 0));
    }
}
