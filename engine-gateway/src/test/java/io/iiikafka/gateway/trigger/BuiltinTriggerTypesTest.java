package io.iiikafka.gateway.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine's own trigger types: nobody takes them over, and what they call gets (spec: protocol.md 4.3, 4.7). */
class BuiltinTriggerTypesTest {

    @AutoClose
    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    private static String route(String id, String function) {
        return "{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"http\",\"function_id\":\"" + function
                + "\",\"config\":{\"api_path\":\"/" + id + "\"}}";
    }

    private static CompletableFuture<HttpResponse<String>> get(String path) {
        URI address = URI.create("http://127.0.0.1:" + engine.gateway().http().port() + path);
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void shouldKeepABuiltInTypeWhenAWorkerRegistersOneOfItsName() {
        try (RawWorker worker = engine.worker("routes").serve("routes::f");
                RawWorker usurper = engine.worker("usurper")) {
            worker.send(route("before", "routes::f")).call("engine::registered-triggers::list", "{}");
            usurper.send("{\"type\":\"registertriggertype\",\"id\":\"http\",\"description\":\"mine\"}");
            JsonNode types = usurper.call("engine::triggers::list", "{\"prefix\":\"http\"}").at("/result/triggers");
            worker.send(route("after", "routes::f")).call("engine::registered-triggers::list", "{}");

            assertThat(StreamSupport.stream(types.spliterator(), false).filter(type -> type.get("id").asText().equals("http")))
                    .singleElement()
                    .satisfies(type -> assertThat(type.toString()).doesNotContain("mine"));
            for (String path : List.of("/before", "/after")) {
                CompletableFuture<HttpResponse<String>> answer = get(path);
                worker.answer(worker.next("invokefunction"), "{\"status_code\":200,\"body\":1}");
                assertThat(answer.join().statusCode()).as(path).isEqualTo(200);
            }
            assertThat(usurper.silentAbout("registertrigger", Duration.ofMillis(100))).isTrue();
        }
    }

    /** Until the refused one is out of the catalog, what it depends on may change. */
    @Test
    void shouldRefuseATriggerOnceWhateverElseIsRegistered() {
        try (RawWorker worker = engine.worker("refused")) {
            for (int i = 0; i < 20; i++) {
                worker.send("{\"type\":\"registertrigger\",\"id\":\"refused" + i + "\",\"trigger_type\":\"cron\","
                        + "\"function_id\":\"f\",\"config\":{}}");
                worker.send("{\"type\":\"registertriggertype\",\"id\":\"cron\",\"description\":\"mine, " + i + "\"}");
            }
            for (int i = 0; i < 20; i++) {
                worker.next("triggerregistrationresult");
            }
            worker.call("engine::registered-triggers::list", "{}");
            assertThat(worker.silentAbout("triggerregistrationresult", Duration.ofMillis(300))).isTrue();
        }
    }

    /** A namespace of one's own may have a type of that name: its workers mean that one. */
    @Test
    void shouldPreferAWorkersTypeInItsOwnNamespace() {
        try (RawWorker provider = engine.connect().announce("own-http", "\"namespace\":\"own-http\"")) {
            provider.send("{\"type\":\"registertriggertype\",\"id\":\"http\",\"description\":\"mine\"}")
                    .send(route("own", "f"));

            assertThat(provider.next("registertrigger").get("id").textValue()).isEqualTo("own");
            assertThat(get("/own").join().statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"engine::functions-available", "engine::workers-available"})
    void shouldCallTheTargetInTheBindingsNamespaceWithItsMetadata(String type) {
        String namespace = "firing-" + type.substring(8);
        try (RawWorker there = engine.connect().announce("there", "\"namespace\":\"" + namespace + "\"").register("seen");
                RawWorker elsewhere = engine.worker("elsewhere").serve("seen")) {
            there.send("{\"type\":\"registertrigger\",\"id\":\"" + namespace + "\",\"trigger_type\":\"" + type
                            + "\",\"function_id\":\"seen\",\"namespace\":\"" + namespace
                            + "\",\"config\":{},\"metadata\":{\"tenant\":\"a\"}}")
                    .call("engine::registered-triggers::list", "{}");
            elsewhere.serve("another::of::" + namespace);
            engine.worker("guest").close();

            JsonNode call = there.next("invokefunction");
            assertThat(call.get("function_id").textValue()).isEqualTo("seen");
            assertThat(call.get("metadata").toString()).isEqualTo("{\"tenant\":\"a\"}");
            assertThat(call.get("data").has("_caller_worker_id")).isFalse();
            assertThat(elsewhere.silentAbout("invokefunction", Duration.ofMillis(100))).isTrue();
        }
    }
}
