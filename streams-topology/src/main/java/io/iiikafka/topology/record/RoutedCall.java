package io.iiikafka.topology.record;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A call with what the record path adds to it.
 *
 * @param call the call
 * @param origin who waits for it; null for a call that another Kafka application wrote
 * @param position the catalog offset that must be known before it is routed
 * @param hops how often it was passed on
 * @param condition a function of the call's namespace that may veto it; null: none
 * @param worker the connection that is to run it as long as it serves the function; null: any that does
 * @param topic of pub/sub that it tells of an event of; null: none
 */
public record RoutedCall(
        Call call,
        @Nullable Origin origin,
        long position,
        int hops,
        @Nullable String condition,
        @Nullable String worker,
        @Nullable String topic) {

    public RoutedCall(Call call, @Nullable Origin origin, long position, int hops) {
        this(call, origin, position, hops, null, null, null);
    }

    public RoutedCall(
            Call call, @Nullable Origin origin, long position, int hops, @Nullable String condition, @Nullable String worker) {
        this(call, origin, position, hops, condition, worker, null);
    }

    /**
     * Whether the other differs in nothing but its id, its function, its worker, its metadata and its baggage, and nobody waits
     * for either: then one delivery can stand for both. What a condition must admit stands alone: who takes its slot over must
     * know whether that was asked yet.
     */
    public boolean goesWith(RoutedCall other) {
        return origin == null
                && other.origin == null
                && condition == null
                && other.condition == null
                && Objects.equals(topic, other.topic)
                && position == other.position
                && hops == other.hops
                && call.goesWith(other.call);
    }
}
