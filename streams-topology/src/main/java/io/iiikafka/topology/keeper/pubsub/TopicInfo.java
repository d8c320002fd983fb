package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a topic.
 *
 * @param earliest the offset of the first event that is kept; one more than {@code latest} when none is
 * @param latest the offset of the last one; 0: none was ever published
 * @param lastMs when that was, in epoch milliseconds
 */
record TopicInfo(long earliest, long latest, long lastMs) {

    static final TopicInfo NEW = new TopicInfo(1, 0, 0);

    TopicInfo published(long nowMs) {
        return new TopicInfo(earliest, latest + 1, nowMs);
    }

    TopicInfo keptFrom(long offset) {
        return new TopicInfo(offset, latest, lastMs);
    }

    RawJson toJson() {
        return JsonBuilder.object()
                .member("earliest", earliest)
                .member("latest", latest)
                .member("last", lastMs)
                .build();
    }

    static TopicInfo of(@Nullable RawJson json) {
        if (json == null) {
            return NEW;
        }
        Input input = Input.of("topic", json);
        return new TopicInfo(
                input.integer("earliest", 0, Long.MAX_VALUE, 1),
                input.integer("latest", 0, Long.MAX_VALUE, 0),
                input.integer("last", 0, Long.MAX_VALUE, 0));
    }
}
