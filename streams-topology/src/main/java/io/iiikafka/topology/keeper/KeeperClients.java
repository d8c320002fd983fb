package io.iiikafka.topology.keeper;

import java.time.Duration;
import java.util.Map;

import io.iiikafka.topology.membership.GlobalConsumer;
import io.iiikafka.topology.membership.PromptConsumer;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.streams.KafkaClientSupplier;

/** The Kafka clients of the keeper's threads: the usual ones, but for the {@linkplain KeeperProducer producer}. */
final class KeeperClients implements KafkaClientSupplier {

    private final Topics topics;
    private final ThreadLocal<AnswerQueue> queues = ThreadLocal.withInitial(AnswerQueue::new);

    KeeperClients(Topics topics) {
        this.topics = topics;
    }

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        return new KeeperProducer(topics, queues::get, config);
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new PromptConsumer(config) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                AnswerQueue queue = queues.get();
                queue.release();
                ConsumerRecords<byte[], byte[]> commands = super.poll(timeout);
                queue.polled(commands.count());
                return commands;
            }
        };
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new PromptConsumer(config, Duration.ZERO);
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return new GlobalConsumer(config);
    }
}
