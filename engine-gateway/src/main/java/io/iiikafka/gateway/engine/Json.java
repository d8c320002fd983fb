package io.iiikafka.gateway.engine;

import java.util.Collection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** Building blocks of answers. */
final class Json {

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array(Collection<? extends JsonNode> items) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        array.addAll(items);
        return array;
    }

    /** Leaves the member out when there is no value. */
    static void putIfPresent(ObjectNode object, String field, @Nullable RawJson value) {
        if (value != null && !value.isNull()) {
            put(object, field, value);
        }
    }

    static void putIfPresent(ObjectNode object, String field, @Nullable String value) {
        if (value != null) {
            object.put(field, value);
        }
    }

    /** Writes {@code null} when there is no value. */
    static void putOrNull(ObjectNode object, String field, @Nullable RawJson value) {
        put(object, field, value == null ? RawJson.NULL : value);
    }

    /** As the text that it is, unparsed. */
    static void put(ObjectNode object, String field, RawJson value) {
        object.putRawValue(field, new RawValue(value.toString()));
    }
}
