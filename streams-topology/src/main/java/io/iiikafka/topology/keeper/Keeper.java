package io.iiikafka.topology.keeper;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.streams.CommonSettings;
import io.iiikafka.topology.topics.Topics;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running keeper. Several processes may run one each: Kafka splits the partitions of {@code commands}, and with them
 * the stores, among them.
 */
public final class Keeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);
    private static final int COMMIT_INTERVAL_MS = 100;
    private static final int COUNTER_CACHE_BYTES = 4 * 1024 * 1024;

    private final KafkaStreams streams;
    private final StoreMemory memory;
    private final Restoration restoration;

    private Keeper(KafkaStreams streams, StoreMemory memory, Restoration restoration) {
        this.streams = streams;
        this.memory = memory;
        this.restoration = restoration;
    }

    /** Starts in the background; {@link #notReadyReason()} tells when it has begun. */
    public static Keeper start(Topics topics, KeeperSettings settings) {
        return start(topics, settings, FiringSpans.NONE, JobWatch.NONE);
    }

    /** As {@link #start(Topics, KeeperSettings)}, with spans of what is called, and word of what becomes of jobs. */
    public static Keeper start(Topics topics, KeeperSettings settings, FiringSpans spans, JobWatch watch) {
        NativeCode.unpackTo(settings.stateDirectory());
        StoreMemory memory = new StoreMemory(settings.storeMemoryBytes());
        KafkaStreams streams = new KafkaStreams(
                KeeperTopology.build(
                        topics,
                        new Catalog(),
                        settings.rooms(),
                        spans,
                        watch,
                        new FiringLimit(settings.maxRecordBytes())),
                new StreamsConfig(properties(topics, settings, memory)),
                new KeeperClients(topics));
        streams.setUncaughtExceptionHandler(failure -> {
            LOG.error("A keeper thread failed and is replaced", failure);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        Restoration restoration = new Restoration(new OpenTransactions(settings.clientProperties()));
        streams.setGlobalStateRestoreListener(restoration);
        Keeper keeper = new Keeper(streams, memory, restoration);
        streams.start();
        return keeper;
    }

    static Properties properties(Topics topics, KeeperSettings settings, StoreMemory memory) {
        Map<String, Object> all = CommonSettings.of(
                topics.keeperApplication(),
                settings.clientProperties(),
                settings.threads(),
                settings.stateDirectory(),
                settings.instanceId());
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS);
        // An idle thread looks whether it is time to commit only after a poll.
        all.put(StreamsConfig.POLL_MS_CONFIG, COMMIT_INTERVAL_MS / 4);
        // For stores of counters; those of values log each change.
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, COUNTER_CACHE_BYTES);
        all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.Setter.class);
        all.put(StoreMemory.PROPERTY, memory);
        // A dead keeper holds what it has not committed, and so its partitions, for this long, and until the broker looks.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 5_000);
        Properties properties = new Properties();
        properties.putAll(all);
        return properties;
    }

    /** Why commands are not run yet, or empty when they are. */
    public Optional<String> notReadyReason() {
        KafkaStreams.State state = streams.state();
        return switch (state) {
            case RUNNING -> Optional.empty();
            case REBALANCING -> Optional.of("the keeper is " + state + restoration.text());
            default -> Optional.of("the keeper is " + state);
        };
    }

    /** Whether it has ended by itself, and does not begin again. */
    public boolean hasFailed() {
        KafkaStreams.State state = streams.state();
        return state == KafkaStreams.State.PENDING_ERROR || state == KafkaStreams.State.ERROR;
    }

    @Override
    public void close() {
        if (streams.close(CLOSE_PATIENCE)) {
            memory.close();
        } else {
            LOG.warn("The keeper did not stop within {}", CLOSE_PATIENCE);
        }
    }
}
