package io.iiikafka.bench.floor;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/** The engine's three topics of a call, with as many partitions as the engine gives them by default. */
final class FloorTopics {

    static final String INVOCATIONS = "floor.invocations";
    static final String DELIVERIES = "floor.deliveries";
    static final String RESULTS = "floor.results";

    static final int INVOCATION_PARTITIONS = 8;
    static final int SLOTS = 16;

    /** The slot of the one who answers; callers have other ones. */
    static final int ANSWERER_SLOT = 0;

    private static final short ONE_BROKER = 1;

    private FloorTopics() {}

    static void create(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(
                            new NewTopic(INVOCATIONS, INVOCATION_PARTITIONS, ONE_BROKER),
                            new NewTopic(DELIVERIES, SLOTS, ONE_BROKER),
                            new NewTopic(RESULTS, SLOTS, ONE_BROKER)))
                    .all()
                    .get();
        }
    }

    static List<TopicPartition> deliveries() {
        return IntStream.range(0, SLOTS)
                .mapToObj(slot -> new TopicPartition(DELIVERIES, slot))
                .toList();
    }

    static TopicPartition results(int slot) {
        return new TopicPartition(RESULTS, slot);
    }
}
