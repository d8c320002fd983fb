package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The agent inbox as a user starts it. */
class AgentInboxTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EngineUnderTest engine;
    private static ExampleProcess agent;

    @BeforeAll
    static void start() throws IOException {
        Toolchain.NODE.require();
        engine = EngineUnderTest.start();
        startAgent();
    }

    private static void startAgent() throws IOException {
        Map<String, String> environment =
                Map.of("III_URL", "ws://127.0.0.1:" + engine.workerPort(), "SWEEP", "*/2 * * * * *");
        agent = ExampleProcess.start("agent-inbox", "agent-inbox", environment, "npm", "start");
        Awaitility.await("the inbox is served").atMost(PATIENCE).ignoreExceptions().until(
                () -> request("GET", "").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            ExampleProcess.endAll(List.of(agent));
            engine.close();
        }
    }

    private static HttpResponse<String> request(String method, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + "/inbox"))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode inbox() throws Exception {
        return RawJson.of(request("GET", "").body()).toTree();
    }

    private static void answers(String... textsAndTries) {
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(inbox().get("answers"))
                .map(each -> each.get("text").textValue() + ": " + each.get("tries"))
                .containsExactlyInAnyOrder(textsAndTries));
    }

    @Test
    void shouldAnswerEveryMessageWhateverHappens() throws Exception {
        assertThat(request("POST", "{\"text\":\" \"}").statusCode()).isEqualTo(400);
        assertThat(request("POST", "{\"text\":\"easy\"}").statusCode()).isEqualTo(202);
        assertThat(request("POST", "{\"text\":\"hard\"}").statusCode()).isEqualTo(202);
        answers("easy: 1", "hard: 3");

        assertThat(request("POST", "{\"text\":\"impossible\"}").statusCode()).isEqualTo(202);
        answers("easy: 1", "hard: 3", "impossible: 6"); // five tries, and one after the sweep
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            JsonNode told = inbox().get("told");
            assertThat(told.get("log")).map(event -> event.path("event").asText())
                    .containsExactlyInAnyOrder("answered", "answered", "swept", "answered");
            assertThat(told.get("count").intValue()).isEqualTo(4);
        });

        request("POST", "{\"text\":\"hard to interrupt\"}");
        ExampleProcess.endAll(List.of(agent)); // between two tries, or before the first
        startAgent();
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(inbox().get("answers")).hasSize(4));
    }
}
