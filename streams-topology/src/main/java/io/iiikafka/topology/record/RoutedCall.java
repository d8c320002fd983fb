package io.iiikafka.topology.record;

import org.jspecify.annotations.Nullable;

/**
 * A call with what the record path adds to it.
 *
 * @param call the call
 * @param origin who waits for it; null for a call that another Kafka application wrote
 * @param position the catalog offset that must be known before it is routed
 * @param hops how often it was passed on
 */
public record RoutedCall(Call call, @Nullable Origin origin, long position, int hops) {}
