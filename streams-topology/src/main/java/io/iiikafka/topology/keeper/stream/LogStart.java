package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import org.jspecify.annotations.Nullable;

/** Where in a group's log to begin: {@code from} and its like (spec: stream.md 13.2). */
sealed interface LogStart {

    /** {@code "latest"}: behind the last event. */
    record Latest() implements LogStart {}

    /** {@code "earliest"}: the first that is kept. */
    record Earliest() implements LogStart {}

    /** {@code {"offset":n}}: exactly this one. */
    record At(long offset) implements LogStart {}

    /** {@code {"timestamp":ms}}: the first that is as old or newer. */
    record Since(long ms) implements LogStart {}

    /** {@code {"last":n}}: the newest n. */
    record Last(long count) implements LogStart {}

    /** The start that a member of the input says; null when it is absent. */
    static @Nullable LogStart of(Input input, String name) {
        RawJson given = input.find(name);
        if (given == null || given.isNull()) {
            return null;
        }
        String word = given.text();
        if (word != null) {
            return switch (word) {
                case "latest" -> new Latest();
                case "earliest" -> new Earliest();
                default -> throw misfit(input, name);
            };
        }
        if (!given.isObject()) {
            throw misfit(input, name);
        }
        Input object = input.object(name, given);
        long offset = object.integer("offset", 1, Long.MAX_VALUE, 0);
        long timestamp = object.integer("timestamp", 0, Long.MAX_VALUE, -1);
        long last = object.integer("last", 0, Long.MAX_VALUE, -1);
        if ((offset > 0 ? 1 : 0) + (timestamp >= 0 ? 1 : 0) + (last >= 0 ? 1 : 0) != 1) {
            throw misfit(input, name);
        }
        return offset > 0 ? new At(offset) : timestamp >= 0 ? new Since(timestamp) : new Last(last);
    }

    private static Refusal misfit(Input input, String name) {
        return input.misfit("`" + name
                + "` must be \"latest\", \"earliest\", {\"offset\":n}, {\"timestamp\":ms} or {\"last\":n}");
    }

    /**
     * The offset of the first event that is wanted.
     *
     * @param fromEarliest where the wanted one is no longer kept: whether the first that is kept will do
     */
    default long resolve(StreamLog log, StreamGroup group, StreamLog.Bounds bounds, boolean fromEarliest) {
        return switch (this) {
            case Latest latest -> bounds.latest() + 1;
            case Earliest earliest -> bounds.earliest();
            case Since since -> log.offsetAt(group, bounds, since.ms());
            case Last last -> Math.max(bounds.earliest(), bounds.latest() + 1 - last.count());
            case At at when at.offset() > bounds.latest() + 1 || at.offset() < bounds.earliest() && !fromEarliest ->
                throw outOfRange(at.offset(), bounds);
            case At at -> Math.max(bounds.earliest(), at.offset());
        };
    }

    /** As {@link #resolve}; where an offset is wanted that is no more, or not yet, the nearest will do. */
    default long nearest(StreamLog log, StreamGroup group, StreamLog.Bounds bounds) {
        return this instanceof At at
                ? Math.clamp(at.offset(), bounds.earliest(), bounds.latest() + 1)
                : resolve(log, group, bounds, true);
    }

    static Refusal outOfRange(long offset, StreamLog.Bounds bounds) {
        return new Refusal(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "Offset " + offset + " cannot be read: earliest " + bounds.earliest() + ", latest " + bounds.latest());
    }
}
