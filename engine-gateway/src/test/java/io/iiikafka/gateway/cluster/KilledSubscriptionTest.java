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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A subscription whose gateway, router, keeper and worker die together while events are with the worker (state.md 12.6). */
class KilledSubscriptionTest {

    private static final int KEYS = 8;
    private static final int EVENTS = 160;
    private static final String ROLES = "gateway,router,keeper";

    /** What succeeded, by key and in order, and the ids under which each event came. */
    private final Map<String, List<Integer>> handled = new HashMap<>();
    private final Map<Integer, Set<String>> ids = new HashMap<>();
    private int repeats;

    @Test
    void shouldTellEveryEventInTheOrderOfItsKeyAfterAllHaveDied() {
        try (TestEngine engine = TestEngine.start()) {
            EngineProcess process = EngineProcess.start(engine.topics().prefix(), 0, ROLES);
            engine.stopRouter();
            engine.stopKeeper();
            try (RawWorker writer = engine.worker("writer")) {
                RawWorker worker = subscribe(process);
                for (int i = 1; i <= EVENTS; i++) {
                    JsonNode set = writer.call(
                            "state::set", "{\"scope\":\"s\",\"key\":\"k" + i % KEYS + "\",\"value\":" + i + "}");
                    assertThat(set.path("error").isMissingNode()).as(set.toString()).isTrue();
                }
                while (ids.size() < EVENTS / 4) {
                    handle(worker);
                }
                process.kill();
                process = process.successor(engine.topics().prefix(), ROLES).awaitReady();
                RawWorker reborn = subscribe(process);
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> handle(reborn));
                while (handled.values().stream().mapToInt(each -> new HashSet<>(each).size()).sum() < EVENTS) {
                    handle(reborn);
                }
                reborn.close();
            } finally {
                process.close();
            }
        }
        // What had not been committed is told again, from the first of it on; none is told before those ahead of it.
        handled.values().forEach(values -> assertThat(values.stream().distinct()).as("%s", values).isSorted());
        assertThat(ids).hasSize(EVENTS).allSatisfy((value, each) -> assertThat(each).hasSize(1));
        assertThat(repeats).isPositive();
    }

    private static RawWorker subscribe(EngineProcess process) {
        RawWorker worker = RawWorker.connect(process.url()).announce("worker").serve("handle");
        worker.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"state\",\"function_id\":\"handle\","
                + "\"config\":{\"scope\":\"s\",\"include_meta\":true,\"durable_id\":\"d\",\"delivery\":\"at_least_once\","
                + "\"retry\":{\"max_attempts\":20,\"backoff_ms\":20}}}");
        worker.call("engine::registered-triggers::list", "{}");
        return worker;
    }

    /** Fails at each third event when it comes first. */
    private void handle(RawWorker worker) {
        JsonNode call = worker.next(frame -> "invokefunction".equals(frame.path("type").textValue()));
        JsonNode event = call.get("data");
        int value = event.get("new_value").intValue();
        boolean first = ids.computeIfAbsent(value, absent -> new HashSet<>())
                .add(event.at("/meta/event_id").textValue());
        repeats += first ? 0 : 1;
        if (first && value % 3 == 0) {
            worker.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                    + ",\"function_id\":\"handle\",\"error\":{\"code\":\"no\",\"message\":\"not yet\"}}");
        } else {
            handled.computeIfAbsent(event.get("key").textValue(), absent -> new ArrayList<>()).add(value);
            worker.answer(call, "null");
        }
    }
}
