package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.queue.QueueSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Jobs whose gateway, router, keeper and worker die together, without a word (spec: queue.md 6.6, 6.8). */
class KilledQueueTest {

    private static final String ROLES = "gateway,router,keeper";
    private static final int JOBS = 120;
    private static final int GROUPS = 5;

    /** What succeeded, by group and in order, and the receipts under which each job came. */
    private final Map<String, List<Integer>> handled = new HashMap<>();
    private final Map<Integer, Set<String>> receipts = new HashMap<>();

    @Test
    void shouldRunEveryJobInTheOrderOfItsGroupAfterAllHaveDied() {
        try (TestEngine engine = TestEngine.start()) {
            EngineProcess process = EngineProcess.start(engine.topics().prefix(), 0, ROLES);
            engine.stopRouter();
            engine.stopKeeper();
            engine.put(new CatalogEntry.Queue(
                    "orders",
                    false,
                    new QueueSettings(
                            true, "g", 3, 20, 20, true, 1_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null, null,
                            true, 0)));
            try (RawWorker writer = engine.worker("writer")) {
                RawWorker worker = worker(process);
                Map<Integer, String> given = new HashMap<>();
                for (int i = 1; i <= JOBS; i++) {
                    JsonNode result = writer.awaitResult(writer.start(
                            "handle",
                            "{\"g\":" + i % GROUPS + ",\"n\":" + i + "}",
                            ",\"action\":{\"type\":\"enqueue\",\"queue\":\"orders\"}"));
                    given.put(i, result.at("/result/messageReceiptId").textValue());
                }
                writer.call(
                        "iii::queue::enqueue",
                        "{\"queue\":\"default\",\"function_id\":\"late\",\"data\":1,\"options\":{\"delay_ms\":3000}}");
                while (receipts.size() < JOBS / 4) {
                    handle(worker);
                }
                process.kill();
                process = process.successor(engine.topics().prefix(), ROLES).awaitReady();
                RawWorker reborn = worker(process);
                // The dead gateway's deliveries take all places until its lease is over.
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> handle(reborn));
                while (handled.values().stream().mapToInt(each -> new HashSet<>(each).size()).sum() < JOBS) {
                    handle(reborn);
                }
                reborn.nextCallOf("late");
                assertThat(receipts)
                        .hasSize(JOBS)
                        .allSatisfy((job, each) -> assertThat(each).containsExactly(given.get(job)));
                Awaitility.await().untilAsserted(() -> assertThat(writer.call(
                                        "engine::queue::topic_stats", "{\"topic\":\"orders\"}")
                                .path("result")
                                .toString())
                        .contains("\"depth\":0", "\"dlq_depth\":0", "\"delayed\":0"));
                reborn.close();
            } finally {
                process.close();
            }
        }
        // What had not been committed runs again; none runs before those ahead of it.
        handled.values().forEach(values -> assertThat(values.stream().distinct()).as("%s", values).isSorted());
    }

    /** 6.7. */
    @Test
    void shouldDeliverWhatRanAgainAheadOfWhatWaitsWithoutUsingAnAttempt() {
        try (TestEngine engine = TestEngine.start()) {
            EngineProcess process = EngineProcess.start(engine.topics().prefix(), 0, ROLES);
            engine.stopRouter();
            engine.stopKeeper();
            engine.put(new CatalogEntry.Queue(
                    "one",
                    false,
                    new QueueSettings(
                            false, null, 1, 2, 20, true, 1_000, 0, 1_800_000, 0, 0, 3, List.of(), null, null, null, null,
                            true, 0)));
            try (RawWorker writer = engine.worker("writer")) {
                RawWorker worker = worker(process);
                for (int i = 1; i <= 4; i++) {
                    writer.awaitResult(writer.start(
                            "handle", Integer.toString(i), ",\"action\":{\"type\":\"enqueue\",\"queue\":\"one\"}"));
                }
                worker.answer(worker.nextCallOf("handle"), "null");
                JsonNode cut = worker.nextCallOf("handle");
                // So that what was told is committed, and the first job is not told again.
                Awaitility.await().untilAsserted(() -> assertThat(writer.call(
                                        "engine::queue::topic_stats", "{\"topic\":\"one\"}")
                                .at("/result/depth")
                                .intValue())
                        .isEqualTo(3));
                process.kill();
                process = process.successor(engine.topics().prefix(), ROLES).awaitReady();
                RawWorker reborn = worker(process);

                List<Integer> told = new ArrayList<>();
                List<Integer> attempts = new ArrayList<>();
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    JsonNode call = reborn.nextCallOf("handle");
                    reborn.answer(call, "null");
                    told.add(call.get("data").intValue());
                    attempts.add(call.at("/metadata/iii_delivery/attempt").intValue());
                    assertThat(told).contains(4);
                });
                assertThat(cut.get("data").intValue()).isEqualTo(2);
                assertThat(told.stream().filter(each -> each > 1)).containsExactly(2, 3, 4);
                assertThat(attempts).containsOnly(cut.at("/metadata/iii_delivery/attempt").intValue());
                reborn.close();
            } finally {
                process.close();
            }
        }
    }

    private static RawWorker worker(EngineProcess process) {
        return RawWorker.connect(process.url()).announce("worker").serve("handle").serve("late");
    }

    /** Fails at each third job when it comes first. */
    private void handle(RawWorker worker) {
        JsonNode call = worker.nextCallOf("handle");
        int job = call.at("/data/n").intValue();
        boolean first = receipts.computeIfAbsent(job, absent -> new HashSet<>())
                .add(call.at("/metadata/iii_delivery/receipt").textValue());
        if (first && job % 3 == 0) {
            worker.fail(call, "boom");
        } else {
            handled.computeIfAbsent(call.at("/data/g").toString(), absent -> new ArrayList<>()).add(job);
            worker.answer(call, "null");
        }
    }
}
