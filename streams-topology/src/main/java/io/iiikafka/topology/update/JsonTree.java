package io.iiikafka.topology.update;

import java.io.UncheckedIOException;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iiikafka.sdk.protocol.RawJson;

/** JSON values as trees that give back every number as it was: {@code 5.0} stays {@code 5.0}. */
public final class JsonTree {

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(100_000)
                            .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names are the users': interned they would stay
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Without it a character beyond the first 65,536 takes 12 bytes instead of 4. */
    private static final ObjectWriter WRITER = MAPPER.writer().with(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8);

    private JsonTree() {}

    public static JsonNode read(RawJson json) {
        return json.toTree(MAPPER);
    }

    public static RawJson write(JsonNode node) {
        try {
            return RawJson.of(WRITER.writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            return escaped(node);
        }
    }

    /** Half of a surrogate pair, which is no character, can only be written as an escape. */
    private static RawJson escaped(JsonNode node) {
        try {
            return RawJson.of(MAPPER.writeValueAsBytes(node));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How messages call it: {@code null}, {@code boolean}, {@code number}, {@code string}, {@code array}, {@code object}. */
    public static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case NULL, MISSING -> "null";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING, BINARY -> "string";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
        };
    }
}
