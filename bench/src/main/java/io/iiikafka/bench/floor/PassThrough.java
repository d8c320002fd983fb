package io.iiikafka.bench.floor;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** A Streams application that moves each record from the invocations to one slot of the deliveries, with the router's settings. */
final class PassThrough {

    private PassThrough() {}

    /** Returns when it runs. */
    static void start(String bootstrapServers, Path stateDirectory, int threads) throws InterruptedException {
        StreamPartitioner<byte[], byte[]> toAnswerer =
                (topic, key, value, partitions) -> Optional.of(Set.of(FloorTopics.ANSWERER_SLOT));
        Topology topology = new Topology()
                .addSource("invocations", FloorTopics.INVOCATIONS)
                .addSink("deliveries", FloorTopics.DELIVERIES, toAnswerer, "invocations");
        KafkaStreams streams = new KafkaStreams(topology, properties(bootstrapServers, stateDirectory, threads));
        streams.start();
        while (streams.state() != KafkaStreams.State.RUNNING) {
            Thread.sleep(20);
        }
    }

    private static Properties properties(String bootstrapServers, Path stateDirectory, int threads) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "floor.router");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 500);
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.ByteArraySerde.class);
        properties.put(StreamsConfig.producerPrefix("linger.ms"), 0);
        properties.put(StreamsConfig.producerPrefix("acks"), "all");
        return properties;
    }
}
