package io.iiikafka.topology.router;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.streams.CommonSettings;
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
    public static Router start(Topics topics, RouterSettings settings, RouteSpans spans) {
        Properties properties = properties(topics, settings);
        RouterClients clients = new RouterClients();
        KafkaStreams streams = new KafkaStreams(
                RouterTopology.build(
                        topics,
                        new Catalog(),
                        new DeliveryScan(topics, settings.clientProperties()),
                        clients::own,
                        spans),
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
        Map<String, Object> all = CommonSettings.of(
                topics.routerApplication(),
                settings.clientProperties(),
                settings.threads(),
                settings.stateDirectory(),
                settings.instanceId());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        all.put(StreamsConfig.POLL_MS_CONFIG, 500);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        all.put(StreamsConfig.producerPrefix(ProducerConfig.ACKS_CONFIG), "all");
        // Records that come end the wait; a partition taken over waits behind a fetch that is under way.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 1_500);
        // The catalog's only partition never moves, so nothing waits behind this fetch.
        all.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 2_000);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** Why calls are not routed yet, or empty when they are. */
    public Optional<String> notReadyReason() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.RUNNING ? Optional.empty() : Optional.of("the router is " + state);
    }

    /** Whether it has ended by itself, and does not begin again. */
    public boolean hasFailed() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.PENDING_ERROR || state == KafkaStreams.State.ERROR;
    }

    @Override
    public void close() {
        clients.stopSoon();
        if (!streams.close(CLOSE_PATIENCE)) {
            LOG.warn("The router did not stop within {}", CLOSE_PATIENCE);
        }
    }
}
