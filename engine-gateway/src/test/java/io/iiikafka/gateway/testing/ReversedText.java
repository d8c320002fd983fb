package io.iiikafka.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** A deserializer as an application may have one: gives {@code {"text":…}} with the text from back to front. */
public final class ReversedText implements Deserializer<Map<String, String>> {

    @Override
    public Map<String, String> deserialize(String topic, byte[] data) {
        if (data.length == 0) {
            throw new SerializationException("nothing to read");
        }
        return Map.of("text", new StringBuilder(new String(data, UTF_8)).reverse().toString());
    }
}
