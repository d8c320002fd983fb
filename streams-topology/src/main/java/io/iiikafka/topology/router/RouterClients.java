package io.iiikafka.topology.router;

import java.time.Duration;
import java.util.Map;

import io.iiikafka.topology.membership.GlobalConsumer;
import io.iiikafka.topology.membership.PromptConsumer;
import io.iiikafka.topology.membership.ProvenConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

/**
 * The Kafka clients of the router's threads. Streams processes at least once, and a thread that was put out of the group
 * goes on for a while with what it has; these let it ask before each call whether it still may.
 */
final class RouterClients implements KafkaClientSupplier {

    private final ThreadLocal<ProvenConsumer> ofThread = new ThreadLocal<>();
    private volatile boolean stopping;

    /** Whether the partitions of the calling stream thread are its own. */
    boolean own() {
        ProvenConsumer consumer = ofThread.get();
        return consumer == null || consumer.owns();
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new MainConsumer(config);
    }

    /** From now on no poll takes longer than Streams asks for. */
    void stopSoon() {
        stopping = true;
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new PromptConsumer(config, Duration.ZERO);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new CatalogConsumer(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    private final class MainConsumer extends ProvenConsumer {

        private final IdlePolls idle = new IdlePolls(super::poll);

        MainConsumer(Map<String, Object> config) {
            super(config);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            ofThread.set(this);
            int generation = groupMetadata().generationId();
            return idle.poll(
                    timeout,
                    () -> stopping || generation != groupMetadata().generationId() || !paused().isEmpty());
        }
    }

    private final class CatalogConsumer extends GlobalConsumer {

        private final IdlePolls idle = new IdlePolls(super::poll);

        CatalogConsumer(Map<String, Object> config) {
            super(config);
        }

        @Override
        public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            return idle.poll(timeout, () -> stopping);
        }
    }
}
