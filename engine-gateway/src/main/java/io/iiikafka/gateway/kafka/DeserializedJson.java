package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What deserializers give, as JSON: messages of Protobuf in its own mapping, with the fields that are at their defaults;
 * records of Avro, and text, as they are where that is JSON, else as a string; everything else as Jackson writes it.
 */
final class DeserializedJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFormat.Printer PROTOBUF =
            JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

    /** Its text is JSON. Avro itself is on the class path only where its deserializer is. */
    private static final String AVRO = "org.apache.avro.generic.GenericContainer";

    private DeserializedJson() {}

    /** @throws IOException when it cannot be written as JSON */
    static RawJson of(@Nullable Object value) throws IOException {
        return switch (value) {
            case null -> RawJson.NULL;
            case MessageOrBuilder message -> RawJson.of(PROTOBUF.print(message).getBytes(UTF_8));
            case CharSequence text -> ofText(text.toString());
            case Object other when isAvro(other.getClass()) -> ofText(other.toString());
            default -> RawJson.of(MAPPER.writeValueAsBytes(value));
        };
    }

    private static RawJson ofText(String text) {
        RawJson json = RawJson.parse(text.getBytes(UTF_8));
        return json == null ? RawJson.ofValue(text) : json;
    }

    private static boolean isAvro(Class<?> type) {
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Class<?> one : each.getInterfaces()) {
                if (one.getName().equals(AVRO) || isAvro(one)) {
                    return true;
                }
            }
        }
        return false;
    }
}
