package io.iiikafka.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.ConnectException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A deserializer as an application may have one: gives {@code {"text":…}} with the text from back to front. For {@link #WANTED}
 * it asks for something that is not there the first times.
 */
public final class ReversedText implements Deserializer<Map<String, String>> {

    public static final String WANTED = "schema 7";
    private static final AtomicInteger ASKED = new AtomicInteger();

    @Override
    public Map<String, String> deserialize(String topic, byte[] data) {
        if (data.length == 0) {
            throw new SerializationException("nothing to read");
        }
        String text = new String(data, UTF_8);
        if (text.equals(WANTED) && ASKED.incrementAndGet() < 3) {
            throw new SerializationException("no schema", new ConnectException("Connection refused"));
        }
        return Map.of("text", new StringBuilder(text).reverse().toString());
    }
}
