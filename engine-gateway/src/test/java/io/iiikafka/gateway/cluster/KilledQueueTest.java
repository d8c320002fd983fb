package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Jobs of a process that runs gateway, router and keeper, and is killed with jobs in flight: each that was acknowledged is
 * handled, each group in its order (spec: queue.md 6.8, 15.14).
 */
class KilledQueueTest {

    private static final int JOBS = 60;
    private static final int GROUPS = 3;
    private static final String ROLES = "gateway,router,keeper";

    private final Set<String> handled = new HashSet<>();
    private final List<List<Integer>> order = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private int deliveries;

    @Test
    void shouldHandleEveryAcknowledgedJobAfterAllHaveDied() {
        try (TestEngine engine = TestEngine.start()) {
            EngineProcess process = EngineProcess.start(engine.topics().prefix(), 0, ROLES);
            engine.stopRouter();
            engine.stopKeeper();
            Set<String> acknowledged = new HashSet<>();
            try (RawWorker producer = engine.worker("producer")) {
                RawWorker worker = serve(process);
                producer.call(
                        "queue::define",
                        "{\"queue\":\"groups\",\"config\":{\"type\":\"fifo\",\"message_group_field\":\"g\"}}");
                for (int i = 0; i < JOBS; i++) {
                    JsonNode receipt = producer.awaitResult(producer.start(
                            "handle",
                            "{\"g\":" + i % GROUPS + ",\"i\":" + i + "}",
                            ",\"action\":{\"type\":\"enqueue\",\"queue\":\"groups\"}"));
                    acknowledged.add(receipt.at("/result/messageReceiptId").textValue());
                }
                while (handled.size() < JOBS / 4) {
                    handle(worker);
                }
                process.kill(); // with a job of each group in flight
                process = process.successor(engine.topics().prefix(), ROLES).awaitReady();
                RawWorker reborn = serve(process);
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> handle(reborn));
                while (handled.size() < JOBS) {
                    handle(reborn);
                }
                reborn.close();
            } finally {
                process.close();
            }
            assertThat(acknowledged).hasSize(JOBS).doesNotContainNull();
        }
        // What had not been committed is run again; a group does not overtake itself.
        assertThat(order).allSatisfy(group -> assertThat(group.stream().distinct()).as("%s", group).isSorted());
        assertThat(deliveries).as("only what was in flight, or not committed, comes twice").isBetween(JOBS, JOBS * 2);
    }

    private static RawWorker serve(EngineProcess process) {
        return RawWorker.connect(process.url()).announce("worker").serve("handle");
    }

    private void handle(RawWorker worker) {
        JsonNode call = worker.next(frame -> "invokefunction".equals(frame.path("type").textValue()));
        int number = call.at("/data/i").intValue();
        deliveries++;
        handled.add(call.at("/data/i").toString());
        order.get(number % GROUPS).add(number);
        worker.answer(call, "null");
    }
}
