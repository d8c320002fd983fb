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
        return found.isNumber() && equals.isNumber()
                ? found.decimalValue().compareTo(equals.decimalValue()) == 0
                : found.equals(equals);
    }
}
