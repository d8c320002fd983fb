package io.iiikafka.topology.router;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.membership.Membership;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running router. Several processes may run one each: Kafka splits the partitions of {@code invocations} among them.
 */
public final class Router implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    private final KafkaStreams streams;
    private final RouterClients clients;

    private Router(KafkaStreams streams, RouterClients clients) {
        this.streams = streams;
        this.clients = clients;
    }

    /** Starts routing in the background; {@link #notReadyReason()} tells when it has begun. */
    public static Router start(Topics topics, RouterSettings settings) {
        Properties properties = properties(topics, settings);
        RouterClients clients = new RouterClients();
        KafkaStreams streams = new KafkaStreams(
                RouterTopology.build(
                        topics, new Catalog(), new DeliveryScan(topics, settings.clientProperties()), clients::own),
                new StreamsConfig(properties),
                clients);
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("A router thread failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        Router router = new Router(streams, clients);
        streams.start();
        return router;
    }

    static Properties properties(Topics topics, RouterSettings settings) {
        Map<String, Object> all = new HashMap<>(settings.clientProperties());
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.routerApplication());
        all.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        // Streams warns while this is left open, and will always do it later.
        all.put("processing.exception.handler.global.enabled", true);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        all.put(StreamsConfig.POLL_MS_CONFIG, 500);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        all.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // Streams waits 100 ms for a batch to fill unless told otherwise: a call must leave at once.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
        // What comes while a request is under way goes into the next one: no wait when idle, large batches when busy.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 * 1024);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 64 * 1024 * 1024);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 128L * 1024 * 1024);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), Membership.SESSION_TIMEOUT_MS);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
        // Records that come end the wait; a partition taken over waits behind a fetch that is under way.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 1_500);
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // The catalog's only partition never moves, so nothing waits behind this fetch.
        all.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 2_000);
        all.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), 4 * 1024 * 1024);
        if (settings.instanceId() == null) {
            all.put(StreamsConfig.mainConsumerPrefix("internal.leave.group.on.close"), true);
        } else {
            all.put(
                    StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                    settings.instanceId());
        }
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** Why calls are not routed yet, or empty when they are. */
    public Optional<String> notReadyReason() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING ? Optional.empty() : Optional.of("the router is " + state);
    }

    @Override
    public void close() {
        clients.stopSoon();
        if (!streams.close(CLOSE_PATIENCE)) {
            LOG.warn("The router did not stop within {}", CLOSE_PATIENCE);
        }
    }
}
