package io.iiikafka.gateway.stream;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The options of a join as they stand in an address: {@code ?from=812&sync=true&offsets=true&types=create,delete} (spec:
 * stream.md 13.7). Names that it does not know are left to others.
 */
final class JoinQuery {

    private JoinQuery() {}

    /** The same as the data of a join message has it. */
    static JsonNode read(String query) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            if (equals > 0) {
                read(parameter.substring(0, equals), decode(parameter.substring(equals + 1)), data);
            }
        }
        return data;
    }

    private static void read(String name, String value, ObjectNode data) {
        switch (name) {
            case "from" -> data.set(name, from(value));
            case "sync", "offsets" -> data.set(name, flag(value));
            case "types" -> {
                for (String type : value.split(",")) {
                    data.withArray(name).add(type);
                }
            }
            case "onGap" -> data.put(name, value);
            case "maxRate" -> data.set(name, number(value));
            default -> {
                // a token, for example, which is for the auth function
            }
        }
    }

    private static JsonNode from(String value) {
        String name = value.startsWith("ts:") ? "timestamp" : value.startsWith("last:") ? "last" : "offset";
        JsonNode number = number(value.substring(value.indexOf(':') + 1));
        return number.isNumber()
                ? JsonNodeFactory.instance.objectNode().set(name, number)
                : JsonNodeFactory.instance.textNode(value);
    }

    private static JsonNode number(String value) {
        return value.matches("\\d{1,15}")
                ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                : JsonNodeFactory.instance.textNode(value);
    }

    private static JsonNode flag(String value) {
        return value.equals("true") || value.equals("false")
                ? JsonNodeFactory.instance.booleanNode(value.equals("true"))
                : JsonNodeFactory.instance.textNode(value);
    }

    private static String decode(String value) {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
    }
}
