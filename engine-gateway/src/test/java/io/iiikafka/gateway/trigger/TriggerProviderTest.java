package io.iiikafka.gateway.trigger;

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

/** Trigger types that workers provide, and triggers that wait for them (spec: protocol.md 4.3 to 4.6, 6.9, 6.10, 7). */
class TriggerProviderTest {

    @AutoClose
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static RawWorker provide(RawWorker worker, String type) {
        return worker.send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\",\"description\":\"d\"}");
    }

    private static RawWorker bind(RawWorker worker, String id, String type, String members) {
        return worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                + "\",\"function_id\":\"f\"" + members + "}");
    }

    private static JsonNode listed(RawWorker worker, String id) {
        JsonNode all = worker.call("engine::registered-triggers::list", "{\"search\":\"" + id + "\"}");
        return all.get("result").get("registered_triggers");
    }

    @Test
    void shouldHandABindingToItsProviderAsItWasRegistered() {
        String type = unique("webhook");
        String id = unique("t");
        try (RawWorker provider = provide(engine.worker(unique("p")), type);
                RawWorker worker = engine.worker(unique("w"))) {
            provider.call("engine::triggers::info", "{\"id\":\"" + type + "\"}");
            bind(worker, id, type, ",\"config\":{\"z\":1,\"a\":2},\"metadata\":[1]");

            JsonNode binding = provider.next("registertrigger");
            assertThat(binding.get("id").textValue()).isEqualTo(id);
            assertThat(binding.get("trigger_type").textValue()).isEqualTo(type);
            assertThat(binding.get("function_id").textValue()).isEqualTo("f");
            assertThat(binding.get("config").toString()).isEqualTo("{\"z\":1,\"a\":2}");
            assertThat(binding.get("metadata").toString()).isEqualTo("[1]");
            assertThat(binding.has("namespace")).isFalse();
            assertThat(binding.has("trigger_namespace")).isFalse();
            assertThat(listed(worker, id)).hasSize(1);

            worker.send("{\"type\":\"unregistertrigger\",\"id\":\"" + id + "\"}");
            JsonNode end = provider.next("unregistertrigger");
            assertThat(end.get("id").textValue()).isEqualTo(id);
            assertThat(end.get("trigger_type").textValue()).isEqualTo(type);
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(50))).isTrue();
        }
    }

    @Test
    void shouldParkABindingSilentlyUntilItsTypeAppears() {
        String type = unique("late");
        String id = unique("t");
        try (RawWorker worker = bind(engine.worker(unique("w")), id, type, "")) {
            assertThat(listed(worker, id)).isEmpty();
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(100))).isTrue();

            try (RawWorker provider = provide(engine.worker(unique("p")), type)) {
                assertThat(provider.next("registertrigger").get("config").toString()).isEqualTo("{}");
                assertThat(listed(worker, id)).hasSize(1);
            }
        }
    }

    @Test
    void shouldParkBindingsAgainWhenTheirProviderLeavesAndDeliverThemToTheNext() {
        String type = unique("type");
        String id = unique("t");
        RawWorker first = provide(engine.worker(unique("p1")), type);
        try (RawWorker worker = bind(engine.worker(unique("w")), id, type, "")) {
            first.next("registertrigger");
            first.close();
            Awaitility.await().until(() -> listed(worker, id).isEmpty());

            try (RawWorker second = provide(engine.worker(unique("p2")), type)) {
                assertThat(second.next("registertrigger").get("id").textValue()).isEqualTo(id);
            }
        }
    }

    @Test
    void shouldDeliverBindingsAgainWhenTheTypeIsRegisteredAgain() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provide(engine.worker(unique("p")), type);
                RawWorker worker = bind(engine.worker(unique("w")), id, type, "")) {
            provider.next("registertrigger");

            provide(provider, type);

            assertThat(provider.next("registertrigger").get("id").textValue()).isEqualTo(id);
            assertThat(worker.isOpen()).isTrue();
        }
    }

    @Test
    void shouldTellTheRegistrantWhatItsProviderRefusedAndTryAgainWithTheNextRegistration() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provide(engine.worker(unique("p")), type);
                RawWorker worker = bind(engine.worker(unique("w")), id, type, "")) {
            provider.next("registertrigger");
            provider.send("{\"type\":\"triggerregistrationresult\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                    + "\",\"function_id\":\"f\",\"error\":{\"code\":\"bad_config\",\"message\":\"no\"}}");

            JsonNode refused = worker.next("triggerregistrationresult");
            assertThat(refused.get("id").textValue()).isEqualTo(id);
            assertThat(refused.get("error").toString()).isEqualTo("{\"code\":\"bad_config\",\"message\":\"no\"}");
            assertThat(listed(worker, id)).isEmpty();

            provide(provider, type);
            assertThat(provider.next("registertrigger").get("id").textValue()).isEqualTo(id);
        }
    }

    @Test
    void shouldEndBindingsWithTheirOwner() {
        String type = unique("type");
        try (RawWorker provider = provide(engine.worker(unique("p")), type)) {
            RawWorker worker = bind(engine.worker(unique("w")), unique("t"), type, "");
            provider.next("registertrigger");

            worker.cut();

            assertThat(provider.next("unregistertrigger").get("trigger_type").textValue()).isEqualTo(type);
        }
    }

    @Test
    void shouldPreferAProviderInTheRegistrantsNamespaceAndMoveBindingsToIt() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker fallback = provide(engine.worker(unique("p1")), type);
                RawWorker worker = engine.connect().announce(unique("w"), "\"namespace\":\"blue\"")) {
            bind(worker, id, type, "");
            assertThat(fallback.next("registertrigger").has("trigger_namespace")).isFalse();

            try (RawWorker home = engine.connect().announce(unique("p2"), "\"namespace\":\"blue\"")) {
                provide(home, type);

                assertThat(home.next("registertrigger").get("trigger_namespace").textValue()).isEqualTo("blue");
                assertThat(fallback.next("unregistertrigger").get("id").textValue()).isEqualTo(id);
            }
            assertThat(fallback.next("registertrigger").get("id").textValue()).isEqualTo(id);
        }
    }

    @Test
    void shouldRefuseBlankNamespaces() {
        try (RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, "t-blank", "http", ",\"trigger_namespace\":\"\"");

            JsonNode refused = worker.next("triggerregistrationresult").get("error");
            assertThat(refused.get("code").textValue()).isEqualTo("INVALID_NAMESPACE");
            assertThat(refused.get("message").textValue()).startsWith("`trigger_namespace` is empty");
        }
    }

    @Test
    void shouldKeepADurableBindingBeyondItsRegistrant() {
        String type = unique("type");
        try (RawWorker provider = provide(engine.worker(unique("p")), type)) {
            RawWorker registrant = engine.worker(unique("w"));
            registrant.call("engine::triggers::info", "{\"id\":\"" + type + "\"}");
            String asked = registrant.start(
                    "engine::register_trigger",
                    "{\"trigger_type\":\"" + type + "\",\"function_id\":\"f\",\"config\":{\"a\":1}}");
            JsonNode binding = provider.next("registertrigger");
            provider.send("{\"type\":\"triggerregistrationresult\",\"id\":" + binding.get("id")
                    + ",\"trigger_type\":\"" + type + "\",\"function_id\":\"f\"}");
            String id = registrant.awaitResult(asked).get("result").get("id").textValue();
            assertThat(id).isEqualTo(binding.get("id").textValue());

            registrant.close();
            assertThat(provider.silentAbout("unregistertrigger", Duration.ofMillis(200))).isTrue();

            JsonNode removed = provider.call("engine::unregister_trigger", "{\"id\":\"" + id + "\"}");
            assertThat(removed.get("result").get("removed").booleanValue()).isTrue();
            provider.next("unregistertrigger");
            JsonNode again = provider.call("engine::unregister_trigger", "{\"id\":\"" + id + "\"}");
            assertThat(again.get("result").get("removed").booleanValue()).isFalse();
        }
    }

    @Test
    void shouldListADurableTriggerThatWasRegisteredWithoutAConfig() {
        String function = unique("f");
        try (RawWorker worker = engine.worker(unique("w"))) {
            String id = worker.call(
                            "engine::register_trigger",
                            "{\"trigger_type\":\"engine::workers-available\",\"function_id\":\"" + function + "\"}")
                    .at("/result/id")
                    .textValue();

            JsonNode listed = worker.call("engine::registered-triggers::list", "{}").get("result");
            assertThat(listed.toString()).contains("\"" + id + "\"");
            worker.call("engine::unregister_trigger", "{\"id\":\"" + id + "\"}");
        }
    }

    @Test
    void shouldFailADurableRegistrationThatTheProviderRefuses() {
        String type = unique("type");
        try (RawWorker provider = provide(engine.worker(unique("p")), type);
                RawWorker registrant = engine.worker(unique("w"))) {
            registrant.call("engine::triggers::info", "{\"id\":\"" + type + "\"}");
            String asked = registrant.start(
                    "engine::register_trigger", "{\"trigger_type\":\"" + type + "\",\"function_id\":\"f\"}");
            JsonNode binding = provider.next("registertrigger");
            provider.send("{\"type\":\"triggerregistrationresult\",\"id\":" + binding.get("id")
                    + ",\"trigger_type\":\"" + type
                    + "\",\"function_id\":\"f\",\"error\":{\"code\":\"bad\",\"message\":\"no\"}}");

            JsonNode error = registrant.awaitResult(asked).get("error");
            assertThat(error.get("code").textValue()).isEqualTo("trigger_registration_failed");
            assertThat(error.get("message").textValue()).isEqualTo("bad: no");
        }
    }

    @Test
    void shouldReportChangesOfTheSetOfFunctions() {
        String handler = unique("on-functions");
        String added = unique("added");
        try (RawWorker worker = engine.worker(unique("w")).serve(handler)) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"" + unique("t")
                    + "\",\"trigger_type\":\"engine::functions-available\",\"function_id\":\"" + handler
                    + "\",\"config\":{}}");
            worker.register(added);

            JsonNode event = worker.next(frame -> frame.path("function_id").asText().equals(handler)
                    && frame.path("data").path("functions").findValuesAsText("function_id").contains(added));
            assertThat(event.get("data").get("event").textValue()).isEqualTo("functions_changed");
            assertThat(event.get("data").get("functions").findValues("request_format"))
                    .as("old SDKs fail on rows with formats of another kind")
                    .isEmpty();
            assertThat(event.get("data").has("_caller_worker_id")).isFalse();

            worker.send("{\"type\":\"unregisterfunction\",\"id\":\"" + added + "\"}");
            worker.next(frame -> frame.path("function_id").asText().equals(handler)
                    && !frame.path("data").path("functions").findValuesAsText("function_id").contains(added));
        }
    }

    @Test
    void shouldReportWorkersThatComeAndGo() {
        String handler = unique("on-workers");
        try (RawWorker worker = engine.worker(unique("w")).serve(handler)) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"" + unique("t")
                    + "\",\"trigger_type\":\"engine::workers-available\",\"function_id\":\"" + handler
                    + "\",\"config\":{}}");
            worker.send("{\"type\":\"ping\"}").next("pong");
            worker.call("engine::registered-triggers::list", "{}");

            RawWorker guest = engine.worker("guest");
            for (String event : new String[] {"worker_connected", "worker_metadata_updated"}) {
                worker.next(frame -> frame.path("data").path("event").asText().equals(event)
                        && frame.path("data").path("worker_id").asText().equals(guest.id()));
            }
            guest.close();
            worker.next(frame -> frame.path("data").path("event").asText().equals("worker_disconnected")
                    && frame.path("data").path("worker_id").asText().equals(guest.id()));
        }
    }
}
