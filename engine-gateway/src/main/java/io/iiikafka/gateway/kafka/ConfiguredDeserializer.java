package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.sdk.protocol.RawJson;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * A deserializer on the class path, for example one that asks a schema registry. What it gives is taken as JSON: text that
 * is JSON, and records of Avro, whose text is JSON, as they are; everything else as Jackson writes it.
 *
 * @param className a {@link Deserializer}
 * @param properties what it is configured with
 */
public record ConfiguredDeserializer(String className, Map<String, ?> properties) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String AVRO = "org.apache.avro.generic.GenericContainer";

    /** Why it cannot be used; empty when it can. */
    public Optional<String> problem() {
        try {
            Utils.newInstance(className, Deserializer.class).close();
            return Optional.empty();
        } catch (ClassNotFoundException | NoClassDefFoundError e) {
            return Optional.of(e.getMessage() + " is not on the class path; name its jars in III_CLASSPATH");
        } catch (KafkaException | ClassCastException e) {
            return Optional.of(className + " is no deserializer of Kafka that can be made: " + e.getMessage());
        }
    }

    Format open(boolean key) {
        Deserializer<?> deserializer;
        try {
            deserializer = Utils.newInstance(className, Deserializer.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e); // it was looked for at the start
        }
        deserializer.configure(properties, key);
        return (topic, headers, bytes) -> read(deserializer, topic, headers, bytes);
    }

    private static RawJson read(Deserializer<?> deserializer, String topic, Headers headers, byte[] bytes)
            throws UnreadableException {
        try {
            Object value = deserializer.deserialize(topic, headers, bytes);
            if (value != null && (value instanceof CharSequence || isAvro(value.getClass()))) {
                RawJson json = RawJson.parse(value.toString().getBytes(UTF_8));
                return json == null ? RawJson.ofValue(value.toString()) : json;
            }
            return RawJson.of(MAPPER.writeValueAsBytes(value));
        } catch (SerializationException | JsonProcessingException e) {
            throw new UnreadableException("could not be read: " + e.getMessage());
        }
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
