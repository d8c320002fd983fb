package io.iiikafka.gateway.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a function is, and what becomes of its calls when workers come and go, by bare frames (spec: protocol.md 2.4, 2.5, 4.1, 5.1). */
class FunctionOwnersTest {

    @AutoClose
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    @Test
    void shouldCallOwnFunctionsRegisteredBeforeTheAnnouncement() {
        String function = unique("own");
        try (RawWorker worker = engine.connect()) {
            worker.register(function);
            String id = worker.start(function, "{}");
            worker.send("{\"type\":\"invokefunction\",\"function_id\":\"engine::workers::register\","
                    + "\"data\":{\"name\":\"w\",\"runtime\":\"node\"},\"action\":{\"type\":\"void\"}}");

            worker.answer(worker.next("invokefunction"), "1");
            assertThat(worker.awaitResult(id).get("result").intValue()).isEqualTo(1);
        }
    }

    @Test
    void shouldUnregisterOnlyOwnFunctions() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker other = engine.worker(unique("other"))) {
            other.send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            assertThat(other.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}").has("result"))
                    .isTrue();

            callee.send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            assertThat(code(callee.call(function, "{}"))).isEqualTo("function_not_found");
        }
    }

    @Test
    void shouldStopCallsOfAWorkerThatGoesAway() {
        String function = unique("f");
        try (RawWorker caller = engine.worker(unique("caller"))) {
            RawWorker callee = engine.worker(unique("callee")).serve(function);
            String id = caller.start(function, "{}");
            callee.next("invokefunction");

            callee.cut();

            JsonNode result = caller.awaitResult(id);
            assertThat(code(result)).isEqualTo("invocation_stopped");
            assertThat(result.get("error").get("message").textValue()).isEqualTo("Invocation stopped");
        }
    }

    @Test
    void shouldLetCallersWaitForAWorkerThatWasCutOff() {
        String function = unique("f");
        String name = unique("callee");
        try (RawWorker caller = engine.worker(unique("caller"))) {
            engine.worker(name).serve(function).cut();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !caller.call(
                            "engine::functions::info", "{\"function_id\":\"" + function + "\"}")
                    .has("result"));
            String id = caller.start(function, "{}");

            try (RawWorker back = engine.worker(name).serve(function)) {
                back.answer(back.next("invokefunction"), "\"back\"");

                assertThat(caller.awaitResult(id).path("result").textValue()).isEqualTo("back");
            }
        }
    }

    @Test
    void shouldForgetAWorkerThatSaysGoodbyeAtOnce() {
        String function = unique("f");
        try (RawWorker caller = engine.worker(unique("caller"))) {
            engine.worker(unique("callee")).serve(function).close();
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !caller.call(
                            "engine::functions::info", "{\"function_id\":\"" + function + "\"}")
                    .has("result"));

            long before = System.nanoTime();
            assertThat(code(caller.call(function, "{}"))).isEqualTo("function_not_found");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void shouldBalanceCallsOverReplicasByWhatTheyHaveInFlight() {
        String function = unique("f");
        String name = unique("replica");
        try (RawWorker one = engine.connect().announce(name, "\"pid\":1").serve(function);
                RawWorker two = engine.connect().announce(name, "\"pid\":2").register(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            two.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");
            assertThat(two.silentAbout("registrationrejected", Duration.ofMillis(50))).isTrue();
            for (int i = 0; i < 10; i++) {
                caller.start(function, "{}");
            }

            for (int i = 0; i < 5; i++) {
                one.next("invokefunction");
                two.next("invokefunction");
            }
        }
    }

    @Test
    void shouldRefuseAFunctionThatAnotherLiveWorkerOwns() {
        String function = unique("f");
        try (RawWorker owner = engine.worker(unique("owner")).serve(function);
                RawWorker other = engine.worker(unique("other")).register(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            JsonNode rejected = other.next("registrationrejected");
            assertThat(rejected.get("code").textValue()).isEqualTo("FUNCTION_NAMESPACE_CONFLICT");
            assertThat(rejected.get("namespace").textValue()).isEqualTo("default");
            assertThat(rejected.get("function_id").textValue()).isEqualTo(function);
            assertThat(rejected.get("owner_worker_id").textValue()).isEqualTo(owner.id());

            String id = caller.start(function, "{}");
            owner.answer(owner.next("invokefunction"), "\"owner\"");
            assertThat(caller.awaitResult(id).get("result").textValue()).isEqualTo("owner");
            other.send("{\"type\":\"ping\"}").next("pong");
        }
    }

    @Test
    void shouldProtectItsOwnFunctions() {
        try (RawWorker worker = engine.worker(unique("w")).register("engine::functions::list")) {
            assertThat(worker.next("registrationrejected").get("owner_worker_id").textValue()).isEmpty();
            assertThat(worker.call("engine::functions::list", "{}").get("result").has("functions")).isTrue();
        }
    }

    @Test
    void shouldLetASuccessorTakeOverByItsToken() {
        String function = unique("f");
        String name = unique("w");
        RawWorker old = engine.worker(name).serve(function);
        try (RawWorker successor = engine.connect();
                RawWorker caller = engine.worker(unique("caller"))) {
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
    void shouldIgnoreAReattachWithoutTheToken() {
        RawWorker victim = engine.worker(unique("victim"));
        try (RawWorker attacker = engine.connect()) {
            attacker.send("{\"type\":\"reattach\",\"previous_worker_id\":\"" + victim.id()
                    + "\",\"reattach_token\":\"guess\"}");
            attacker.send("{\"type\":\"reattach\",\"previous_worker_id\":\"nonsense\"}");
            attacker.send("{\"type\":\"ping\"}").next("pong");

            victim.send("{\"type\":\"ping\"}").next("pong");
            victim.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream::get(my stream)", "a/b/../c", "GET /users/:id", "größe.é😀", "function/x/worker/", "%2F?#&"})
    void shouldTakeAnyTextForTheIdOfAFunction(String id) {
        String function = unique(id);
        try (RawWorker callee = engine.worker(unique("callee")).serve(function);
                RawWorker caller = engine.worker(unique("caller"))) {
            String call = caller.start(function, "1");

            JsonNode asked = callee.next("invokefunction");
            assertThat(asked.get("function_id").textValue()).isEqualTo(function);
            callee.answer(asked, "2");
            assertThat(caller.awaitResult(call).get("function_id").textValue()).isEqualTo(function);

            callee.send("{\"type\":\"unregisterfunction\",\"id\":\"" + function + "\"}");
            assertThat(code(callee.call(function, "1"))).isEqualTo("function_not_found");
        }
    }

    @Test
    void shouldDescribeAFunctionAsItWasRegisteredLast() {
        String function = unique("f");
        try (RawWorker callee = engine.worker(unique("callee")).serve(function)) {
            callee.send("{\"type\":\"registerfunction\",\"id\":\"" + function + "\",\"description\":\"better\"}");
            JsonNode info = callee.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");

            assertThat(info.get("result").path("description").asText()).isEqualTo("better");
            String call = callee.start(function, "1");
            callee.answer(callee.next("invokefunction"), "2");
            assertThat(callee.awaitResult(call).get("result").intValue()).isEqualTo(2);
        }
    }
}
