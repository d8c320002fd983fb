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

/** Whose a trigger is, who provides it and who may end it (spec: protocol.md 3.4, 4.4, 4.5, 13.4). */
class TriggerOwnersTest {

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
        return worker.send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\"}");
    }

    /** Provides the type as soon as this returns. */
    private static RawWorker provider(String type) {
        RawWorker worker = provide(engine.worker(unique("p")), type);
        worker.call("engine::triggers::info", "{\"id\":\"" + type + "\"}");
        return worker;
    }

    private static RawWorker bind(RawWorker worker, String id, String type, String config, String members) {
        return worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                + "\",\"function_id\":\"f\",\"config\":" + config + members + "}");
    }

    private static JsonNode listed(RawWorker asker, String id) {
        JsonNode all = asker.call("engine::registered-triggers::list", "{\"search\":\"" + id + "\"}");
        return all.get("result").get("registered_triggers");
    }

    private static String config(JsonNode frame) {
        return frame.get("config").toString();
    }

    @Test
    void shouldReplaceABindingThatIsRegisteredAgain() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provider(type);
                RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, id, type, "{\"n\":1}", "");
            assertThat(config(provider.next("registertrigger"))).isEqualTo("{\"n\":1}");

            bind(worker, id, type, "{\"n\":2}", "");

            assertThat(config(provider.next("registertrigger"))).isEqualTo("{\"n\":2}");
            assertThat(listed(worker, id)).hasSize(1);
            assertThat(listed(worker, id).at("/0/config/n").intValue()).isEqualTo(2);
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(50))).isTrue();
        }
    }

    @Test
    void shouldMoveABindingToTheTypeThatItsNextRegistrationNames() {
        String before = unique("before");
        String after = unique("after");
        String id = unique("t");
        try (RawWorker first = provider(before);
                RawWorker second = provider(after);
                RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, id, before, "{}", "");
            first.next("registertrigger");

            bind(worker, id, after, "{}", "");

            assertThat(second.next("registertrigger").get("id").textValue()).isEqualTo(id);
            assertThat(first.next("unregistertrigger").get("trigger_type").textValue()).isEqualTo(before);
        }
    }

    @Test
    void shouldLetTheLastOfTwoWorkersThatChoseTheSameIdHaveIt() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provider(type);
                RawWorker one = engine.worker(unique("one"))) {
            bind(one, id, type, "{\"by\":1}", "");
            provider.next("registertrigger");
            RawWorker two = engine.worker(unique("two"));
            bind(two, id, type, "{\"by\":2}", "");

            assertThat(config(provider.next("registertrigger"))).isEqualTo("{\"by\":2}");
            assertThat(listed(one, id)).hasSize(1);
            assertThat(listed(one, id).at("/0/config/by").intValue()).isEqualTo(2);

            two.close();
            assertThat(config(provider.next("registertrigger"))).as("the first one's counts again").isEqualTo("{\"by\":1}");
            assertThat(listed(one, id).at("/0/config/by").intValue()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotEndABindingAtTheWordOfAnotherWorker() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provider(type);
                RawWorker worker = engine.worker(unique("w"));
                RawWorker other = engine.worker(unique("other"))) {
            bind(worker, id, type, "{}", "");
            provider.next("registertrigger");

            other.send("{\"type\":\"unregistertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type + "\"}");

            assertThat(listed(other, id)).hasSize(1);
            assertThat(provider.silentAbout("unregistertrigger", Duration.ofMillis(100))).isTrue();
        }
    }

    @Test
    void shouldIgnoreAnAnswerOfAWorkerThatDoesNotProvideTheType() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provider(type);
                RawWorker worker = engine.worker(unique("w"));
                RawWorker other = engine.worker(unique("other"))) {
            bind(worker, id, type, "{}", "");
            provider.next("registertrigger");

            other.send("{\"type\":\"triggerregistrationresult\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                            + "\",\"function_id\":\"f\",\"error\":{\"code\":\"forged\",\"message\":\"no\"}}")
                    .send("{\"type\":\"ping\"}")
                    .next("pong");

            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(200))).isTrue();
            assertThat(listed(worker, id)).hasSize(1);
        }
    }

    @Test
    void shouldForgetAParkedBindingWithItsOwner() {
        String type = unique("type");
        String parked = unique("parked");
        String kept = unique("kept");
        try (RawWorker worker = engine.worker(unique("w"))) {
            RawWorker leaves = engine.worker(unique("leaves"));
            bind(leaves, parked, type, "{}", "");
            bind(leaves, unique("x"), "http", "{}", ""); // refused: what was sent before it has been applied
            leaves.next("triggerregistrationresult");
            bind(worker, kept, type, "{}", "");
            leaves.close();
            Awaitility.await().until(() -> worker.call(
                            "engine::registered-triggers::list", "{\"include_pending\":true,\"search\":\"" + parked + "\"}")
                    .at("/result/registered_triggers")
                    .isEmpty());

            try (RawWorker provider = provider(type)) {
                assertThat(provider.next("registertrigger").get("id").textValue()).isEqualTo(kept);
                assertThat(provider.silentAbout("registertrigger", Duration.ofMillis(100))).isTrue();
            }
        }
    }

    @Test
    void shouldNeverMoveABindingThatNamesTheNamespaceOfItsProvider() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker inDefault = provider(type);
                RawWorker worker = engine.connect().announce(unique("w"), "\"namespace\":\"blue\"")) {
            bind(worker, id, type, "{}", ",\"trigger_namespace\":\"default\",\"namespace\":\"blue\"");
            JsonNode binding = inDefault.next("registertrigger");
            assertThat(binding.get("namespace").textValue()).isEqualTo("blue");
            assertThat(binding.has("trigger_namespace")).isFalse();

            try (RawWorker home = provide(engine.connect().announce(unique("p"), "\"namespace\":\"blue\""), type)) {
                assertThat(home.silentAbout("registertrigger", Duration.ofMillis(200))).isTrue();
            }
            assertThat(inDefault.silentAbout("unregistertrigger", Duration.ofMillis(50))).isTrue();

            String elsewhere = unique("elsewhere");
            bind(worker, elsewhere, type, "{}", ",\"trigger_namespace\":\"green\"");
            assertThat(listed(worker, elsewhere)).as("nobody in green provides it").isEmpty();
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(50))).isTrue();
        }
    }

    @Test
    void shouldProvideATypeInTheNamespaceThatItsRegistrationNames() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = engine.worker(unique("p"));
                RawWorker worker = engine.connect().announce(unique("w"), "\"namespace\":\"blue\"")) {
            provider.send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "\",\"namespace\":\"blue\"}")
                    .send("{\"type\":\"registertriggertype\",\"id\":\"" + type + "-blank\",\"namespace\":\" \"}");
            bind(worker, id, type, "{}", "");

            assertThat(provider.next("registertrigger").get("trigger_namespace").textValue()).isEqualTo("blue");
            JsonNode info = worker.call("engine::triggers::info", "{\"id\":\"" + type + "\",\"namespace\":\"blue\"}");
            assertThat(info.at("/result/instance_count").intValue()).isEqualTo(1);
            assertThat(worker.call("engine::triggers::info", "{\"id\":\"" + type + "\"}").has("error")).isTrue();
            assertThat(worker.call("engine::triggers::list", "{\"prefix\":\"" + type + "-blank\"}").at("/result/triggers"))
                    .isEmpty();
        }
    }

    @Test
    void shouldKeepABindingWhoseReplacementItsBuiltInTypeRefuses() {
        String path = unique("p");
        String id = unique("t");
        try (RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, id, "http", "{\"api_path\":\"" + path + "\"}", "");
            bind(worker, id, "http", "{\"http_method\":\"GET\"}", "");

            JsonNode refused = worker.next("triggerregistrationresult");
            assertThat(refused.at("/error/code").textValue()).isEqualTo("trigger_registration_failed");
            Awaitility.await().untilAsserted(
                    () -> assertThat(listed(worker, id).at("/0/config/api_path").textValue()).isEqualTo(path));
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(100))).isTrue();
        }
    }

    @Test
    void shouldSayNothingWhenTheProviderAccepts() {
        String type = unique("type");
        String id = unique("t");
        try (RawWorker provider = provider(type);
                RawWorker worker = engine.worker(unique("w"))) {
            bind(worker, id, type, "null", ",\"metadata\":null,\"namespace\":null,\"trigger_namespace\":null");
            JsonNode binding = provider.next("registertrigger");
            assertThat(config(binding)).isEqualTo("{}");
            assertThat(binding.has("metadata")).isFalse();
            provider.send("{\"type\":\"triggerregistrationresult\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type
                    + "\",\"function_id\":\"f\",\"error\":null}");

            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(150))).isTrue();
            assertThat(listed(worker, id)).hasSize(1);
        }
    }
}
