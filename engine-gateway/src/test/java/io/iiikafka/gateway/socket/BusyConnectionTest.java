package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Much at once, on one connection and on many (spec: protocol.md 1.6, 13.4). */
class BusyConnectionTest {

    private static final int WORKERS = 200;

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    @Test
    void shouldAnswerPingsWhileCallsComeAndGoOnTheConnection() {
        String function = unique("slow");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            List<String> calls = new ArrayList<>();
            String payload = "\"" + "x".repeat(10_000) + "\"";
            for (int i = 0; i < 500; i++) {
                calls.add(caller.start(function, payload));
                if (i % 100 == 0) {
                    assertThat(caller.ping("caller " + i)).isEqualTo("caller " + i);
                    assertThat(callee.ping("callee " + i)).isEqualTo("callee " + i);
                }
            }
            assertThat(caller.ping("all wait")).isEqualTo("all wait");
            for (int i = 0; i < calls.size(); i++) {
                callee.answer(callee.next("invokefunction"), "1");
            }
            calls.forEach(call -> assertThat(caller.awaitResult(call).get("result").intValue()).isEqualTo(1));
        }
    }

    @Test
    void shouldTakeHundredsOfWorkersThatComeBackAtOnce() throws Exception {
        List<String> functions = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            functions.add(unique("f" + i));
        }
        List<RawWorker> first = new ArrayList<>();
        List<RawWorker> second = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RawWorker caller = engine.worker(unique("caller"))) {
            comeTogether(threads, functions, first);
            List<String> inFlight = functions.stream().map(f -> caller.start(f, "1")).toList();
            first.forEach(worker -> worker.next("invokefunction"));

            first.forEach(RawWorker::cut);
            comeTogether(threads, functions, second);

            for (String invocation : inFlight) {
                JsonNode result = caller.awaitResult(invocation);
                assertThat(result.at("/error/code").textValue()).isEqualTo("invocation_stopped");
            }
            for (int i = 0; i < WORKERS; i++) {
                String invocation = caller.start(functions.get(i), "2");
                RawWorker worker = second.get(i);
                worker.answer(worker.next("invokefunction"), Integer.toString(i));
                assertThat(caller.awaitResult(invocation).get("result").intValue()).isEqualTo(i);
            }
        } finally {
            second.forEach(RawWorker::close);
        }
    }

    /** Each worker connects, announces itself under the name that goes with its function, and serves it. */
    private static void comeTogether(ExecutorService threads, List<String> functions, List<RawWorker> workers)
            throws Exception {
        List<Future<RawWorker>> coming = functions.stream()
                .map(function -> threads.submit(() -> engine.worker("worker of " + function).serve(function)))
                .toList();
        for (Future<RawWorker> worker : coming) {
            workers.add(worker.get());
        }
    }
}
