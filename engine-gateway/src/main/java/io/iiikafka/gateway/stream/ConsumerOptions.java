package io.iiikafka.gateway.stream;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What a join asks for that consumes (spec: stream.md 13.4).
 *
 * @param group the consumer group
 * @param start where it begins when it is new, as {@code stream::consume} takes it; null: behind the last event
 * @param maxInFlight events that the client may have before it has acknowledged them
 * @param ordering {@code group}, {@code item} or {@code none}; null: as the consumer group was created
 * @param types of the events that are wanted; empty: all
 */
record ConsumerOptions(
        String group, @Nullable RawJson start, int maxInFlight, @Nullable String ordering, Set<String> types) {

    private static final int MOST_IN_FLIGHT = 500;

    /**
     * Null when the join does not consume.
     *
     * @throws JoinOptions.BadJoin when it asks for what there is not
     */
    static @Nullable ConsumerOptions read(JsonNode data, Set<String> types) {
        JsonNode group = data.path("consumerGroup");
        if (group.isMissingNode() || group.isNull()) {
            return null;
        }
        if (!group.isTextual() || group.textValue().isEmpty()) {
            throw new JoinOptions.BadJoin("`consumerGroup` must be a name");
        }
        if (data.hasNonNull("from")) {
            throw new JoinOptions.BadJoin("`from` does not go with `consumerGroup`, which has a position: use `start`");
        }
        JsonNode most = data.path("maxInFlight");
        boolean fits = most.isIntegralNumber() && most.canConvertToInt() && most.intValue() >= 1;
        if (data.hasNonNull("maxInFlight") && (!fits || most.intValue() > MOST_IN_FLIGHT)) {
            throw new JoinOptions.BadJoin("`maxInFlight` must be a whole number from 1 to " + MOST_IN_FLIGHT);
        }
        JsonNode ordering = data.path("ordering");
        if (data.hasNonNull("ordering") && !ordering.isTextual()) {
            throw new JoinOptions.BadJoin("`ordering` must be \"group\", \"item\" or \"none\"");
        }
        return new ConsumerOptions(
                group.textValue(),
                JoinOptions.place(data, "start"),
                fits ? most.intValue() : 16,
                ordering.textValue(),
                types);
    }
}
