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
import io.iiikafka.gateway.testing.TestPort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker that takes nothing for a moment, while more comes than the gateway's producer can hold. */
class FrozenBrokerTest {

    private static final String TOO_SMALL_TO_BE_COUNTED = "\"" + "x".repeat(15_000) + "\"";
    private static final String LARGE = "\"" + "x".repeat(100_000) + "\"";

    private static EngineProcess broker;
    private static EngineProcess gateway;

    private RawWorker callee;
    private RawWorker caller;

    @BeforeAll
    static void start() {
        int port = TestPort.next();
        broker = EngineProcess.startBroker(port);
        gateway = EngineProcess.startOn(
                port,
                "--kafka-property=buffer.memory=2097152",
                "--set=threads.event_loops=1",
                "--set=limits.in_flight_bytes=500000");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        broker.close();
    }

    @BeforeEach
    void connect() {
        callee = RawWorker.connect(gateway.url()).announce("callee").serve("frozen::f");
        caller = RawWorker.connect(gateway.url()).announce("caller");
        awaitCallable("frozen::f");
    }

    @AfterEach
    void disconnect() {
        broker.thaw();
        caller.close();
        callee.close();
    }

    private void awaitCallable(String function) {
        Awaitility.await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> {
            String id = caller.start(function, "1");
            callee.answer(callee.next(frame -> function.equals(frame.path("function_id").textValue())
                    && frame.path("data").isInt()), "2");
            assertThat(caller.awaitResult(id).path("result").intValue()).isEqualTo(2);
        });
    }

    /** What is registered while there is no room is there when there is. */
    @Test
    void shouldRefuseCallsButNeitherLoseRegistrationsNorKeepAnybodyWaiting() {
        broker.freeze();
        for (int i = 0; i < 250; i++) {
            caller.start("frozen::f", TOO_SMALL_TO_BE_COUNTED);
        }
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 10; i++) { // on one event loop, which is not to block
            caller.start("frozen::f", TOO_SMALL_TO_BE_COUNTED);
            long asked = System.nanoTime();
            callee.register("late::f" + i).send("{\"type\":\"ping\"}").next("pong");
            times.add(Duration.ofNanos(System.nanoTime() - asked));
        }
        JsonNode refused = caller.next("invocationresult");
        broker.thaw();

        times.sort(null);
        assertThat(times.get(4)).isLessThan(Duration.ofMillis(450));
        assertThat(refused.at("/error/code").textValue()).isEqualTo("overloaded");
        assertThat(refused.at("/error/message").textValue()).contains("buffer.memory").contains("retry");
        awaitCallable("late::f0");
        awaitCallable("late::f9");
    }

    /** The worker would take them for registered. */
    @Test
    void shouldSendAWorkerAwayWhenItsRegistrationsCannotWait() {
        String large = "\",\"description\":\"" + "x".repeat(1_000_000);
        broker.freeze();
        for (int i = 0; i < 20; i++) {
            caller.register("large::a" + i + large);
        }
        assertThat(caller.isOpen()).isTrue();
        for (int i = 0; i < 20; i++) {
            callee.register("large::b" + i + large);
        }

        assertThat(callee.closeCode()).isEqualTo(1012);
        assertThat(caller.isOpen()).isTrue();
    }

    @Test
    void shouldCountThePayloadsOfVoidCallsUntilKafkaHasThem() {
        Set<String> asked = new HashSet<>();
        broker.freeze();
        for (int i = 0; i < 10; i++) {
            asked.add(caller.start("frozen::f", LARGE, ",\"action\":{\"type\":\"void\"}"));
        }
        JsonNode refused = caller.next("invocationresult");
        broker.thaw();

        assertThat(asked).contains(refused.get("invocation_id").textValue());
        assertThat(refused.at("/error/code").textValue()).isEqualTo("overloaded");
        assertThat(refused.at("/error/message").textValue()).contains("limits.in_flight_bytes");
        awaitCallable("frozen::f");
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            caller.start("frozen::f", LARGE, ",\"action\":{\"type\":\"void\"}");
            assertThat(caller.silentAbout("invocationresult", Duration.ofMillis(300))).isTrue();
        });
    }

    /** queue.md 5.2: nothing is acknowledged that Kafka does not have. */
    @Test
    void shouldRefuseJobsThatCannotBeKept() {
        String action = ",\"action\":{\"type\":\"enqueue\",\"queue\":\"default\"}";
        callee.serve("frozen::sent");
        broker.freeze();
        String waits = caller.start("frozen::job", "1", action);
        String sent = caller.start("frozen::sent", "1");
        Set<String> asked = new HashSet<>();
        for (int i = 0; i < 250; i++) {
            asked.add(caller.start("frozen::job", TOO_SMALL_TO_BE_COUNTED, action));
        }
        JsonNode refused = caller.next("invocationresult");
        assertThat(asked).contains(refused.get("invocation_id").textValue());
        assertThat(refused.at("/error/code").textValue()).isEqualTo("enqueue_error");
        assertThat(refused.at("/error/message").textValue()).contains("overloaded");

        JsonNode late = caller.pollResult(waits, Duration.ofSeconds(30)).orElseThrow();
        JsonNode uncertain = caller.pollResult(sent, Duration.ofSeconds(30)).orElseThrow();
        broker.thaw();
        assertThat(late.at("/error/code").textValue()).as(late.toString()).isEqualTo("enqueue_error");
        assertThat(late.has("result")).isFalse();
        assertThat(uncertain.at("/error/code").textValue()).as("it may run").isEqualTo("invocation_stopped");
        assertThat(uncertain.at("/error/message").textValue()).contains("may be run all the same");
        awaitCallable("frozen::f");
    }
}
