package io.iiikafka.topology.condition;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.NullValue;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.update.JsonTree;

/** JSON values as CEL has them. */
final class CelValues {

    private CelValues() {}

    static Object of(RawJson json) {
        return of(JsonTree.read(json));
    }

    private static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING, POJO, BINARY -> NullValue.NULL_VALUE;
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.textValue();
            case NUMBER -> number(node);
            case ARRAY -> {
                List<Object> list = new ArrayList<>(node.size());
                node.forEach(element -> list.add(of(element)));
                yield list;
            }
            case OBJECT -> {
                Map<String, Object> map = new HashMap<>();
                node.properties().forEach(member -> map.put(member.getKey(), of(member.getValue())));
                yield map;
            }
        };
    }

    private static Object number(JsonNode node) {
        if (!node.isIntegralNumber()) {
            return node.doubleValue();
        }
        if (node.canConvertToLong()) {
            return node.longValue();
        }
        boolean unsigned = node.bigIntegerValue().signum() > 0 && node.bigIntegerValue().bitLength() <= Long.SIZE;
        return unsigned ? UnsignedLong.valueOf(node.bigIntegerValue()) : (Object) node.doubleValue();
    }

    /** A member or an element; null when there is none, or nothing to have one. */
    static Object get(Object of, Object what) {
        if (of instanceof Map<?, ?> map) {
            Object member = map.get(what);
            return member == null ? NullValue.NULL_VALUE : member;
        }
        if (of instanceof List<?> list && what instanceof Long index && index >= 0 && index < list.size()) {
            return list.get(index.intValue());
        }
        return NullValue.NULL_VALUE;
    }

    static Object has(Object of, Object what) {
        return of instanceof Map<?, ?> map && map.containsKey(what);
    }
}
