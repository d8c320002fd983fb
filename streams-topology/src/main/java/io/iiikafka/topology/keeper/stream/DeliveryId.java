package io.iiikafka.topology.keeper.stream;

import org.jspecify.annotations.Nullable;

/**
 * Names an event that was handed to a member: {@code <offset>/<lease>/<group>}.
 *
 * @param lease which handing out it was
 */
public record DeliveryId(long offset, String lease, String group) {

    /** Null when it is none. */
    public static @Nullable DeliveryId parse(String id) {
        int first = id.indexOf('/');
        int second = id.indexOf('/', first + 1);
        if (first < 1 || first > 16 || second < 0 || !id.chars().limit(first).allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        return new DeliveryId(
                Long.parseLong(id.substring(0, first)), id.substring(first + 1, second), id.substring(second + 1));
    }
}
