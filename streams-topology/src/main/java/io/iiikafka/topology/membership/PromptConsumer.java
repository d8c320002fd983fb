package io.iiikafka.topology.membership;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that closes soon. Others end their session at each broker, too, and wait for that behind the fetch under way,
 * which a broker without new records holds for {@code fetch.max.wait.ms}; brokers forget a session without that.
 */
public class PromptConsumer extends KafkaConsumer<byte[], byte[]> {

    /** Enough for most to leave their group; who could not is missed after the session time-out. */
    public static final Duration LEAVING = Duration.ofMillis(500);

    private final Duration patience;

    /** One that leaves its group when it is closed. */
    public PromptConsumer(Map<String, Object> properties) {
        this(properties, LEAVING);
    }

    /** @param patience how long a close takes at most; zero for one without a group */
    public PromptConsumer(Map<String, Object> properties, Duration patience) {
        super(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.patience = patience;
    }

    @Override
    public void close() {
        close(CloseOptions.timeout(patience));
    }

    @Override
    public void close(CloseOptions wish) {
        Duration wished = wish.timeout().orElse(patience);
        super.close(wish.withTimeout(wished.compareTo(patience) < 0 ? wished : patience));
    }
}
