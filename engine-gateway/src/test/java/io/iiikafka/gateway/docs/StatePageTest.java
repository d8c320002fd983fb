package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every call that the page shows gives the reply that it shows. */
class StatePageTest {

    private static final Pattern CONFIG = Pattern.compile("```json\\n(.*?)\\n```", Pattern.DOTALL);

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "state.md"));
    }

    @Test
    void shouldGiveTheRepliesThatThePageShows() throws IOException {
        try (RawWorker worker = engine.worker("reader-of-the-page")) {
            assertThat(Shown.play(page(), worker)).isGreaterThan(15);
        }
    }

    @Test
    void shouldFireTheTriggerThatThePageShows() throws IOException {
        String scope = "orders-of-the-trigger";
        String config = CONFIG.matcher(page()).results().toList().getFirst().group(1).replace("orders", scope);
        try (RawWorker worker = engine.worker("watcher").serve("orders::paid")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"paid\",\"trigger_type\":\"state\","
                    + "\"function_id\":\"orders::paid\",\"config\":" + config + "}");
            for (String status : List.of("pending", "paid")) {
                worker.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"o-9\",\"value\":{\"status\":\"" + status
                        + "\"}}");
            }

            JsonNode event = worker.next(frame -> frame.path("function_id").asText().equals("orders::paid"));

            assertThat(event.at("/data/new_value/status").textValue()).isEqualTo("paid");
            assertThat(event.at("/data/old_value/status").textValue()).isEqualTo("pending");
        }
    }

    @Test
    void shouldRepeatAsThePagePromises() throws IOException {
        String scope = "orders-that-are-repeated";
        String config = CONFIG.matcher(page()).results().toList().get(1).group(1).replace("orders", scope);
        try (RawWorker worker = engine.worker("billing").serve("bill")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"bill\",\"trigger_type\":\"state\","
                    + "\"function_id\":\"bill\",\"config\":" + config + "}");
            worker.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"o-9\",\"value\":1}");
            for (int attempt = 1; attempt <= 2; attempt++) {
                JsonNode event = worker.next(frame -> frame.path("function_id").asText().equals("bill"));
                assertThat(event.at("/data/meta/attempt").intValue()).isEqualTo(attempt);
                worker.send("{\"type\":\"invocationresult\",\"invocation_id\":" + event.get("invocation_id")
                        + ",\"function_id\":\"bill\",\"error\":{\"code\":\"no\",\"message\":\"no\"}}");
            }
            assertThat(worker.call("engine::unregister_trigger", "{\"id\":\"state::durable::billing\"}")
                            .at("/result/removed")
                            .booleanValue())
                    .isTrue();
            worker.call("state::delete", "{\"scope\":\"" + scope + "\",\"key\":\"o-9\"}"); // the page lists all scopes
        }
    }
}
