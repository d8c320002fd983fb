package io.iiikafka.topology.update;

import java.util.Iterator;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * Whether two texts are the same JSON value: objects whatever the order of their members, arrays in order, whole numbers
 * by value, floats as 64-bit floats; a whole number and a float are never the same (spec: state.md 7.2).
 */
public final class JsonEquality {

    private JsonEquality() {}

    public static boolean same(RawJson one, RawJson other) {
        return one.equals(other) || same(JsonTree.read(one), JsonTree.read(other));
    }

    private static boolean same(JsonNode one, JsonNode other) {
        if (one.getNodeType() != other.getNodeType() || one.size() != other.size()) {
            return false;
        }
        return switch (one.getNodeType()) {
            case OBJECT -> sameMembers(one, other);
            case ARRAY -> sameElements(one, other);
            case NUMBER -> sameNumber(one, other);
            default -> one.equals(other);
        };
    }

    private static boolean sameMembers(JsonNode one, JsonNode other) {
        for (Map.Entry<String, JsonNode> member : one.properties()) {
            JsonNode counterpart = other.get(member.getKey());
            if (counterpart == null || !same(member.getValue(), counterpart)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(JsonNode one, JsonNode other) {
        Iterator<JsonNode> others = other.iterator();
        for (JsonNode element : one) {
            if (!same(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(JsonNode one, JsonNode other) {
        if (one.isIntegralNumber() != other.isIntegralNumber()) {
            return false;
        }
        return one.isIntegralNumber()
                ? one.bigIntegerValue().equals(other.bigIntegerValue())
                : one.doubleValue() == other.doubleValue();
    }
}
