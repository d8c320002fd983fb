package io.iiikafka.gateway.kafka;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.vertx.core.Vertx;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The readers of this gateway, one for each subscription that has a trigger. Every gateway has one: Kafka shares the
 * partitions among them. Changed on the catalog's thread.
 */
final class TopicReaders implements AutoCloseable {

    /** So long a reader goes on without a trigger: most workers that go come back, and joining a group is slow. */
    private static final long LINGER_MS = 5_000;

    private static final long ROUND_MS = 15_000;

    private final Vertx vertx;
    private final EngineInvoker invoker;
    private final KeeperFunction failed;
    private final FailedQueues queues;
    private final Map<String, Object> clientProperties;
    private final Formats formats;
    private final Map<Subscription, Integer> triggers = new ConcurrentHashMap<>();
    private final Map<Subscription, TopicReader> readers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param failed takes a delivery that failed */
    TopicReaders(
            Vertx vertx,
            EngineInvoker invoker,
            KeeperFunction failed,
            Catalog catalog,
            CatalogWriter writer,
            Map<String, Object> clientProperties,
            Formats formats) {
        this.vertx = vertx;
        this.invoker = invoker;
        this.failed = failed;
        this.queues = new FailedQueues(catalog, writer, invoker);
        this.clientProperties = clientProperties;
        this.formats = formats;
        vertx.setPeriodic(ROUND_MS, timer -> rounds(timer));
    }

    private void rounds(long timer) {
        if (closed) {
            vertx.cancelTimer(timer);
        } else {
            queues.round(triggers.keySet());
        }
    }

    void add(Subscription subscription) {
        triggers.merge(subscription, 1, Integer::sum);
        readers.computeIfAbsent(subscription, this::open);
    }

    void remove(Subscription subscription) {
        triggers.computeIfPresent(subscription, (same, count) -> count == 1 ? null : count - 1);
        vertx.setTimer(LINGER_MS, timer -> closeUnused(subscription));
    }

    private void closeUnused(Subscription subscription) {
        readers.computeIfPresent(subscription, (same, reader) -> {
            if (triggers.containsKey(subscription)) {
                return reader;
            }
            reader.close();
            return null;
        });
    }

    private TopicReader open(Subscription subscription) {
        queues.define(subscription);
        KafkaTriggerConfig config = subscription.config();
        TopicReader reader =
                new TopicReader("kafka-trigger-" + config.topic(), subscription.describe(), new Opening(subscription));
        reader.start();
        return reader;
    }

    /** Opens readings, on the reader's thread. */
    private final class Opening implements Supplier<Reading> {

        private final Subscription subscription;
        private @Nullable Deliveries deliveries;

        Opening(Subscription subscription) {
            this.subscription = subscription;
        }

        @Override
        public Reading get() {
            KafkaTriggerConfig config = subscription.config();
            if (deliveries == null) {
                Format keys = formats.of(config.keyFormat(), true);
                Format values = formats.of(config.valueFormat(), false);
                deliveries = new Deliveries(invoker, failed, subscription, new RecordJson(keys, values));
            }
            return new Reading(
                    new KafkaConsumer<>(properties(subscription), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                    config,
                    deliveries);
        }
    }

    private Map<String, Object> properties(Subscription subscription) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, subscription.group());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"); // where a position is no longer kept
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000); // a topic that comes later is seen soon
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        return properties;
    }

    @Override
    public void close() {
        closed = true;
        List<TopicReader> all = List.copyOf(readers.values());
        all.forEach(TopicReader::close);
        all.forEach(TopicReader::awaitClosed);
    }
}
