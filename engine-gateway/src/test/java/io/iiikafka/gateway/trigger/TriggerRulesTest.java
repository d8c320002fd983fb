package io.iiikafka.gateway.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of types, targets that come later, and the order of things (spec: protocol.md 4.5, 7.2, 12, 13.1). */
class TriggerRulesTest {

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

    private static RawWorker bind(RawWorker worker, String id, String type, String function) {
        return worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                + "\",\"function_id\":\"" + function + "\",\"config\":{}}");
    }

    private static JsonNode listed(RawWorker worker, String id) {
        JsonNode all = worker.call("engine::registered-triggers::list", "{\"search\":\"" + id + "\"}");
        return all.get("result").get("registered_triggers");
    }

    @Test
    void shouldFireATriggerWhoseTargetWasRegisteredAfterIt() {
        String handler = unique("late");
        try (RawWorker worker = engine.worker(unique("w"))) {
            String id = unique("t");
            bind(worker, id, "engine::workers-available", handler);
            assertThat(listed(worker, id)).hasSize(1);
            engine.worker("unseen").close();

            worker.serve(handler);

            try (RawWorker guest = engine.worker("guest")) {
                worker.next(frame -> frame.path("function_id").asText().equals(handler)
                        && frame.path("data").path("worker_id").asText().equals(guest.id()));
            }
        }
    }

    @Test
    void shouldSayThatAWorkerIsGoneOnlyWhenItsFunctionsAre() {
        String handler = unique("on-workers");
        try (RawWorker worker = engine.worker(unique("w")).serve(handler)) {
            bind(worker, unique("t"), "engine::workers-available", handler);
            worker.call("engine::registered-triggers::list", "{}");
            for (boolean orderly : new boolean[] {true, false}) {
                String function = unique("guest::f");
                RawWorker guest = engine.worker(unique("guest")).serve(function);
                if (orderly) {
                    guest.close();
                } else {
                    guest.cut();
                }
                worker.next(frame -> frame.path("data").path("event").asText().equals("worker_disconnected")
                        && frame.path("data").path("worker_id").asText().equals(guest.id()));

                JsonNode info = worker.call("engine::functions::info", "{\"function_id\":\"" + function + "\"}");
                assertThat(info.path("error").path("code").asText()).as("orderly: %s", orderly).isEqualTo("NOT_FOUND");
            }
        }
    }

    @Test
    void shouldUnregisterATypeByItsWholeName() {
        String type = unique("type");
        try (RawWorker provider = engine.worker(unique("p"));
                RawWorker worker = engine.worker(unique("w"))) {
            provide(provide(provider, type), "a/" + type);
            bind(bind(worker, unique("t"), type, "f"), unique("t"), "a/" + type, "f");
            provider.next("registertrigger");
            provider.next("registertrigger");

            provider.send("{\"type\":\"unregistertriggertype\",\"id\":\"" + type + "\"}");

            assertThat(provider.next("unregistertrigger").get("trigger_type").textValue()).isEqualTo(type);
            assertThat(provider.silentAbout("unregistertrigger", Duration.ofMillis(200))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queue", "event", "pubsub"})
    void shouldRefuseByTheNameThatTheClientUsed(String old) {
        String id = unique("t");
        try (RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, id, old, "f"); // names no topic
            JsonNode refusal = worker.next("triggerregistrationresult");
            assertThat(refusal.get("trigger_type").textValue()).isEqualTo(old);
            assertThat(refusal.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
        }
    }

    @Test
    void shouldPreferATypeOfTheVeryNameToAnAliasAndAskTheEngineOnceWhenItIsGone() {
        String id = unique("t");
        try (RawWorker provider = provide(engine.worker(unique("p")), "pubsub");
                RawWorker worker = engine.worker(unique("w"))) {
            provider.call("engine::triggers::info", "{\"id\":\"pubsub\"}");
            bind(worker, id, "pubsub", "f");

            JsonNode binding = provider.next("registertrigger");
            assertThat(binding.get("trigger_type").textValue()).isEqualTo("pubsub");

            provider.send("{\"type\":\"unregistertriggertype\",\"id\":\"pubsub\"}");
            assertThat(provider.next("unregistertrigger").get("trigger_type").textValue()).isEqualTo("pubsub");
            assertThat(worker.next("triggerregistrationresult").at("/error/code").textValue())
                    .as("the engine's own type wants a topic")
                    .isEqualTo("trigger_registration_failed");
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(300))).isTrue();
            assertThat(provider.silentAbout("unregistertrigger", Duration.ofMillis(1))).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "trigger_namespace"})
    void shouldRefuseABlankNamespaceOfADurableTrigger(String field) {
        try (RawWorker worker = engine.worker(unique("w"))) {
            JsonNode error = worker.call(
                            "engine::register_trigger",
                            "{\"trigger_type\":\"x\",\"function_id\":\"f\",\"" + field + "\":\" \"}")
                    .get("error");

            assertThat(error.get("code").textValue()).isEqualTo("INVALID_NAMESPACE");
            assertThat(error.get("message").textValue()).startsWith("`" + field + "` is empty");
        }
    }
}
