package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code queue::define} and {@code engine::queue::list_topics} (spec: queue.md 4.5, 4.9). */
class DefineQueueTest {

    private static TestEngine engine;
    private static RawWorker worker;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.worker("definer");
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static JsonNode define(String queue, String config) {
        return worker.call("queue::define", "{\"queue\":\"" + queue + "\",\"config\":" + config + "}");
    }

    @Test
    void shouldSayWhetherADefinitionChangedAnything() {
        String config = "{\"type\":\"fifo\",\"message_group_field\":\"session_id\",\"redeliver_on_engine_restart\":true}";

        assertThat(define("turns", config).get("result")).hasToString("{\"queue\":\"turns\",\"changed\":true}");
        assertThat(define("turns", config).at("/result/changed").booleanValue()).isFalse();
        assertThat(define("turns", "{}").at("/result/changed").booleanValue()).isTrue();
    }

    @Test
    void shouldBeKnownToAGatewayThatComesLater() throws Exception {
        define("kept", "{\"concurrency\":7}");
        TestGateway second = engine.addGateway();
        try (RawWorker other = engine.worker(second, "other")) {
            assertThat(other.call("engine::queue::list_topics", "{}").get("result"))
                    .anySatisfy(row -> assertThat(row)
                            .hasToString("{\"name\":\"kept\",\"broker_type\":\"function_queue\",\"subscriber_count\":7}"));
        }
    }

    @Test
    void shouldListConfiguredQueuesAndTheDefault() {
        JsonNode rows = worker.call("engine::queue::list_topics", "{}").get("result");
        assertThat(rows).anySatisfy(row -> assertThat(row.toString())
                .isEqualTo("{\"name\":\"default\",\"broker_type\":\"function_queue\",\"subscriber_count\":10}"));
        assertThat(rows).anySatisfy(row -> assertThat(row.get("name").textValue()).isEqualTo("payments"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'type':'lifo'}|queue 'q' type must be either 'standard' or 'fifo'",
        "{'type':'fifo'}|queue 'q' with type 'fifo' requires message_group_field",
        "{'type':'fifo','message_group_field':''}|queue 'q' message_group_field must not be empty",
        "{'concurrency':0}|queue 'q' concurrency must be greater than zero",
        "{'timeout_ms':0}|queue 'q' timeout_ms must be greater than zero",
        "{'poll_interval_ms':0}|queue 'q' poll_interval_ms must be greater than zero",
        "{'max_priority':0}|queue 'q' max_priority must be greater than zero",
        "{'timeout_ms':9223372036854775807}|queue 'q' has 'timeout_ms' 9223372036854775807; it must be between 1 and 315360000000",
        "{'delay_ms':315360000001}|queue 'q' has 'delay_ms' 315360000001; it must be between 0 and 315360000000",
        "{'priority_field':''}|queue 'q' priority_field must not be empty",
    })
    void shouldRefuseWhatDoesNotHoldTogether(String config, String message) {
        JsonNode error = define("q", config.replace('\'', '"')).get("error");
        assertThat(error.get("message").textValue()).isEqualTo(message);
        assertThat(error.get("code").textValue()).isEqualTo("invalid_queue");
    }

    @Test
    void shouldRefuseUnknownKeysAndBadNames() {
        assertThat(define("q", "{\"retries\":1}").at("/error/code").textValue()).isEqualTo("deserialization_error");
        assertThat(define("q", "{\"retries\":1}").at("/error/message").textValue()).contains("config.retries");
        assertThat(worker.call("queue::define", "{\"queue\":\"q\",\"config\":{},\"more\":1}").at("/error/code").textValue())
                .isEqualTo("deserialization_error");
        assertThat(define("", "{}").at("/error/message").textValue()).isEqualTo("queue name is required");
        assertThat(define(" q", "{}").at("/error/message").textValue())
                .isEqualTo("queue name must not have leading or trailing whitespace");
    }
}
