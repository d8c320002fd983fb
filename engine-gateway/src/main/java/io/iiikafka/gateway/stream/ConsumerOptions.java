package io.iiikafka.gateway.stream;

import static java.util.Objects.requireNonNullElse;

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
 * @param leaseMs for how long the client keeps events when its gateway is gone; while it is connected they stay its own
 * @param maxAttempts after how many an event is a dead letter, 0: never; null: as the consumer group was created
 * @param types of the events that are wanted; empty: all
 */
record ConsumerOptions(
        String group,
        @Nullable RawJson start,
        int maxInFlight,
        @Nullable String ordering,
        long leaseMs,
        @Nullable Long maxAttempts,
        Set<String> types) {

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
        JsonNode ordering = data.path("ordering");
        if (data.hasNonNull("ordering") && !ordering.isTextual()) {
            throw new JoinOptions.BadJoin("`ordering` must be \"group\", \"item\" or \"none\"");
        }
        return new ConsumerOptions(
                group.textValue(),
                JoinOptions.place(data, "start"),
                requireNonNullElse(number(data, "maxInFlight", 1, MOST_IN_FLIGHT), 16L).intValue(),
                ordering.textValue(),
                requireNonNullElse(number(data, "leaseMs", 1_000, 3_600_000), 30_000L),
                number(data, "maxAttempts", 0, Integer.MAX_VALUE),
                types);
    }

    /** Null when it is not there. */
    private static @Nullable Long number(JsonNode data, String name, long least, long most) {
        JsonNode number = data.path(name);
        if (!data.hasNonNull(name)) {
            return null;
        }
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < least
                || number.longValue() > most) {
            throw new JoinOptions.BadJoin("`" + name + "` must be a whole number from " + least + " to " + most);
        }
        return number.longValue();
    }
}
