package io.iiikafka.gateway.queue;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.topics.KeeperStore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the keeper writes of jobs that are done at once. */
class QuickJobsTest {

    private static final int JOBS = 100;

    private static TestEngine engine;
    private static RawWorker caller;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        caller = engine.worker("caller");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static void enqueue(String function) {
        JsonNode result = caller.awaitResult(
                caller.start(function, "1", ",\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"}"));
        assertThat(result.has("error")).as(result.toString()).isFalse();
    }

    /** Where the log of the jobs' store ends, all its partitions together. */
    private static long written() throws ExecutionException, InterruptedException {
        String topic = engine.topics().changelog(KeeperStore.JOBS);
        try (Admin admin = TestBroker.admin()) {
            TopicDescription description = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            Map<TopicPartition, OffsetSpec> ends = description.partitions().stream()
                    .collect(toMap(each -> new TopicPartition(topic, each.partition()), each -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    @Test
    void shouldWriteOnlyWhatIsLeftWhenItCommits() {
        String function = "f-" + UUID.randomUUID();
        try (RawWorker worker = engine.worker(function).serve(function)) {
            // On a busy machine many of them are there at the end of some commit.
            Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> writtenFor(function, worker) < JOBS);
        }
    }

    private static long writtenFor(String function, RawWorker worker) throws ExecutionException, InterruptedException {
        long before = written();
        for (int i = 0; i < JOBS; i++) {
            enqueue(function);
            worker.answer(worker.called(function), "null");
        }
        return written() - before;
    }
}
