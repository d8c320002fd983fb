package io.iiikafka.topology.keeper.pubsub;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Lets events pass in whose data a member has a value (spec: pubsub.md 9).
 *
 * @param path names of members, separated by dots
 * @param equals any JSON; numbers are equal when their values are
 */
record EventFilter(String path, JsonNode equals) {

    boolean passes(JsonNode data) {
        JsonNode found = data;
        for (String name : path.split("\\.", -1)) {
            found = found.path(name);
        }
        return found.isNumber() && equals.isNumber() ? areEqual(found, equals) : found.equals(equals);
    }

    /** A number beyond all doubles, for example {@code 1e400}, equals only others of its sign. */
    private static boolean areEqual(JsonNode one, JsonNode other) {
        return isFinite(one) && isFinite(other)
                ? one.decimalValue().compareTo(other.decimalValue()) == 0
                : one.equals(other);
    }

    /** Whether it can be had as a decimal. */
    private static boolean isFinite(JsonNode number) {
        return !number.isFloatingPointNumber() || Double.isFinite(number.doubleValue());
    }
}
