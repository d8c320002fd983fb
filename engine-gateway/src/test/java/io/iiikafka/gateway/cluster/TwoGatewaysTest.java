package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawSocket;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two gateways of one cluster look like one engine (spec: protocol.md section 16). */
class TwoGatewaysTest {

    private static TestEngine engine;
    private static TestGateway a;
    private static TestGateway b;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        a = engine.gateway();
        b = engine.addGateway();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    @Test
    void shouldCallAcrossGatewaysInBothDirections() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(b, unique("callee")).serve(function);
                RawWorker caller = engine.worker(a, unique("caller"))) {
            String id = caller.start(function, "{\"n\":1}");
            JsonNode call = callee.next("invokefunction");
            assertThat(call.get("data").get("_caller_worker_id").textValue()).isEqualTo(caller.id());
            callee.answer(call, "\"from b\"");
            assertThat(caller.awaitResult(id).get("result").textValue()).isEqualTo("from b");
        }
    }

    @Test
    void shouldFindAFunctionOnTheOtherGatewayAtOnceAfterItsRegistration() {
        try (RawWorker callee = engine.worker(b, unique("callee"));
                RawWorker caller = engine.worker(a, unique("caller"))) {
            for (int i = 0; i < 50; i++) {
                String function = unique("f");
                callee.serve(function);
                String id = caller.start(function, "{}");
                callee.answer(callee.next("invokefunction"), "1");
                assertThat(caller.awaitResult(id).has("result")).as("call %d", i).isTrue();
            }
        }
    }

    @Test
    void shouldShowTheSameWorkersWhicheverGatewayIsAsked() {
        try (RawWorker one = engine.worker(a, unique("one"));
                RawWorker two = engine.worker(b, unique("two"))) {
            Awaitility.await().untilAsserted(() ->
                    assertThat(workers(one)).isEqualTo(workers(two)).contains(one.id()).contains(two.id()));
        }
    }

    private static String workers(RawWorker asked) {
        StringBuilder seen = new StringBuilder();
        asked.call("engine::workers::list", "{}")
                .get("result")
                .get("workers")
                .forEach(row -> seen.append(row.get("id")).append(row.get("connected_at_ms")));
        return seen.toString();
    }

    @Test
    void shouldLetASuccessorReattachOnTheOtherGateway() {
        String function = unique("f");
        String name = unique("w");
        RawWorker old = engine.worker(a, name).serve(function);
        try (RawWorker successor = RawWorker.connect(b.url());
                RawWorker caller = engine.worker(a, unique("caller"))) {
            successor.send("{\"type\":\"reattach\",\"previous_worker_id\":\"" + old.id() + "\",\"reattach_token\":\""
                    + old.token() + "\"}");
            successor.register(function).announce(name);

            String id = caller.start(function, "{}");
            successor.answer(successor.next("invokefunction"), "\"new\"");
            assertThat(caller.awaitResult(id).get("result").textValue()).isEqualTo("new");
            old.closeCode();
        }
    }

    @Test
    void shouldRefuseAFunctionOwnedOnTheOtherGateway() {
        String function = unique("f");
        try (RawWorker owner = engine.worker(a, unique("owner")).serve(function);
                RawWorker other = engine.worker(b, unique("other")).register(function)) {
            JsonNode rejected = other.next("registrationrejected");

            assertThat(rejected.get("owner_worker_id").textValue()).isEqualTo(owner.id());
        }
    }

    @Test
    void shouldUseReplicasOnBothGateways() {
        String function = unique("f");
        String name = unique("replica");
        try (RawWorker one = RawWorker.connect(a.url()).announce(name, "\"pid\":1").serve(function);
                RawWorker two = RawWorker.connect(b.url()).announce(name, "\"pid\":2").serve(function);
                RawWorker callerA = engine.worker(a, unique("caller"));
                RawWorker callerB = engine.worker(b, unique("caller"))) {
            callerA.start(function, "\"from a\"");
            callerB.start(function, "\"from b\"");
            assertThat(one.next("invokefunction").get("data").textValue()).isEqualTo("from a");
            assertThat(two.next("invokefunction").get("data").textValue()).isEqualTo("from b");

            one.cut();
            Awaitility.await().until(() -> a.gateway().catalog().worker(one.id()) == null);
            String id = callerA.start(function, "\"moved\"");
            JsonNode moved = two.next(frame -> frame.path("data").asText().equals("moved"));
            two.answer(moved, "true");
            assertThat(callerA.awaitResult(id).get("result").booleanValue()).isTrue();
        }
    }

    @Test
    void shouldBringBindingsToAProviderOnTheOtherGatewayAndItsRefusalBack() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = engine.worker(b, unique("p"));
                RawWorker worker = engine.worker(a, unique("w"))) {
            provider.send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\",\"description\":\"d\"}");
            worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                    + "\",\"function_id\":\"f\",\"config\":{}}");
            assertThat(provider.next("registertrigger").get("id").textValue()).isEqualTo(id);

            provider.send("{\"type\":\"triggerregistrationresult\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                    + "\",\"function_id\":\"f\",\"error\":{\"code\":\"bad\",\"message\":\"no\"}}");
            assertThat(worker.next("triggerregistrationresult").get("error").get("code").textValue())
                    .isEqualTo("bad");
        }
    }

    @Test
    void shouldFireAvailabilityOnceForEachBinding() {
        String handler = unique("on-workers");
        try (RawWorker worker = engine.worker(a, unique("w")).serve(handler)) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"" + unique("t")
                    + "\",\"trigger_type\":\"engine::workers-available\",\"function_id\":\"" + handler
                    + "\",\"config\":{}}");
            worker.call("engine::registered-triggers::list", "{}");

            try (RawWorker guest = engine.worker(b, unique("guest"))) {
                worker.next(frame -> frame.path("data").path("event").asText().equals("worker_connected")
                        && frame.path("data").path("worker_id").asText().equals(guest.id()));
                worker.next(frame -> frame.path("data").path("event").asText().equals("worker_metadata_updated"));
                assertThat(worker.silentAbout("invokefunction", Duration.ofMillis(200))).isTrue();
            }
        }
    }

    @Test
    void shouldSendWorkersAwayInOrderAndLoseNoCallWhenAGatewayStops() throws Exception {
        String function = unique("f");
        String name = unique("callee");
        TestGateway c = engine.addGateway();
        RawSocket telemetry = RawSocket.upgrade(c.port(), "/otel");
        RawWorker callee = engine.worker(c, name).serve(function);
        try (RawWorker caller = engine.worker(a, unique("caller"))) {
            String running = caller.start(function, "\"running\"");
            JsonNode call = callee.next("invokefunction");

            Thread stopping = Thread.ofVirtual().start(() -> c.gateway().close());
            Awaitility.await().until(() -> !caller.call(
                            "engine::functions::info", "{\"function_id\":\"" + function + "\"}")
                    .has("result"));
            String waiting = caller.start(function, "\"waiting\"");
            callee.answer(call, "\"done\"");
            assertThat(caller.awaitResult(running).get("result").textValue()).isEqualTo("done");
            assertThat(callee.closeCode()).isEqualTo(1012);

            try (RawWorker moved = engine.worker(b, name).serve(function)) {
                moved.answer(moved.next("invokefunction"), "\"moved\"");
                assertThat(caller.awaitResult(waiting).path("result").textValue()).isEqualTo("moved");
            }
            stopping.join();
            byte[] last = telemetry.readToEnd();
            assertThat(HexFormat.of().formatHex(last)).as("a close frame with 1012").contains("88").contains("03f4");
        }
    }

    @Test
    void shouldLeaveNothingInTheCatalogOfAWorkerThatRegistersWhileItsGatewayStops() throws Exception {
        String function = unique("f");
        String name = unique("callee");
        TestGateway c = engine.addGateway();
        RawWorker callee = engine.worker(c, name).serve(function);
        try (RawWorker caller = engine.worker(a, unique("caller"))) {
            String running = caller.start(function, "1");
            JsonNode call = callee.next("invokefunction");
            Thread stopping = Thread.ofVirtual().start(() -> c.gateway().close());
            Awaitility.await().until(() -> b.gateway().catalog().worker(callee.id()) == null);

            callee.register(function + "::late")
                    .send("{\"type\":\"registertriggertype\",\"id\":\"" + function + "\",\"description\":\"d\"}")
                    .send("{\"type\":\"registertrigger\",\"id\":\"" + function + "\",\"trigger_type\":\"" + function
                            + "\",\"function_id\":\"" + function + "\",\"config\":{}}")
                    .announce(name);
            callee.answer(call, "2");
            assertThat(caller.awaitResult(running).get("result").intValue()).isEqualTo(2);
            assertThat(callee.closeCode()).isEqualTo(1012);
            stopping.join();
            b.gateway().refreshCatalog().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertThat(b.gateway().catalog().keysOf(callee.id())).isEmpty();
            assertThat(b.gateway().catalog().worker(callee.id())).isNull();
        }
    }

    @Test
    void shouldAnswerInvocationStoppedWhenAWorkerOnTheOtherGatewayIsCut() {
        String function = unique("f");
        try (RawWorker caller = engine.worker(a, unique("caller"))) {
            RawWorker callee = engine.worker(b, unique("callee")).serve(function);
            String id = caller.start(function, "{}");
            callee.next("invokefunction");

            callee.cut();

            assertThat(code(caller.awaitResult(id))).isEqualTo("invocation_stopped");
        }
    }
}
