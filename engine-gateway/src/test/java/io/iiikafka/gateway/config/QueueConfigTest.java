package io.iiikafka.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.iiikafka.topology.queue.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueConfigTest {

    private static QueueSettings queue(String entry, String config) {
        QueueSettings settings = Load.yaml("workers: [{name: " + entry + ", config: {queue_configs: {q: " + config + "}}}]")
                .config()
                .queues()
                .queues()
                .get("q");
        return settings;
    }

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().queues())
                .isEqualTo(new QueueConfig(Map.of(), QueueSettings.DEFAULT, Duration.ofDays(7)));
        assertThat(queue("iii-queue", "{}")).isEqualTo(QueueSettings.DEFAULT);
    }

    @Test
    void shouldMapEachKeyOfAQueue() {
        assertThat(queue(
                        "iii-queue",
                        """
                        {type: fifo, message_group_field: "user.id", max_retries: 7, concurrency: 2, timeout_ms: 5000,
                         backoff_ms: 50, backoff_type: fixed, max_backoff_ms: 900, jitter: 0.5, hold_max_ms: 60000,
                         max_worker_losses: 1, non_retryable_codes: [bad], priority_field: p, max_priority: 9,
                         delay_field: d, delay_ms: 5, dedup_field: k, rate_limit: {max: 5, per_ms: 1000, key_field: t},
                         deliver_info: true, result_retention_ms: 10, poll_interval_ms: 100,
                         redeliver_on_engine_restart: true}"""))
                .isEqualTo(new QueueSettings(
                        true, "user.id", 2, 7, 50, false, 900, 0.5, 5_000, 5, 60_000, 1, List.of("non_retryable", "bad"),
                        "p", "d", "k", new QueueSettings.RateLimit(5, 1_000, "t"), true, 10));
        assertThat(queue("iii-queue", "{paused: true}").concurrency()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "iii-queue, 0, 1", "iii-queue, 1, 1", "iii-queue, 2, 2", "queue, 0, 1", "queue, 2, 3",
    })
    void shouldCountRetriesAsTheGenerationOfTheEntryDoes(String entry, int maxRetries, int attempts) {
        assertThat(queue(entry, "{max_retries: " + maxRetries + "}").maxAttempts()).isEqualTo(attempts);
        assertThat(queue(entry, "{max_retries: " + maxRetries + ", max_attempts: 9}").maxAttempts()).isEqualTo(9);
    }

    @Test
    void shouldTakeOldClassesAndAdaptersWithOneWarning() {
        LoadedConfig old = Load.yaml("""
                modules:
                  - class: modules::queue::QueueModule
                    config:
                      queue_configs: {q: {max_retries: 2}}
                      adapter: {class: "modules::queue::RabbitMQAdapter", config: {amqp_url: x, max_attempts: 8, queue_mode: standard}}
                """);
        assertThat(old.warnings()).singleElement().asString().contains("jobs are kept in Kafka");
        assertThat(old.config().queues().queues().get("q").maxAttempts()).isEqualTo(2);
        assertThat(old.config().queues().subscriptions().maxAttempts()).isEqualTo(8);
        assertThat(Load.yaml("modules: [{class: 'modules::event::EventModule', config: {adapter: {class: x}}}]").warnings())
                .hasSize(1);
        QueueSettings builtin = Load.yaml("workers: [{name: iii-queue, config: {adapter: {name: builtin, config: "
                        + "{store_method: file_based, max_attempts: 4, backoff_ms: 20, concurrency: 3, mode: fifo}}}}]")
                .config().queues().subscriptions();
        assertThat(builtin.maxAttempts()).isEqualTo(4);
        assertThat(builtin.backoffMs()).isEqualTo(20);
        assertThat(builtin.concurrency()).isEqualTo(3);
        assertThat(builtin.fifo()).isTrue();
    }

    @Test
    void shouldRefuseBothSectionsAtOnce() {
        assertThat(Load.problems("workers: [{name: iii-queue}, {name: queue}]"))
                .singleElement()
                .asString()
                .contains("Duplicate worker configurations:")
                .contains("Remove 'iii-queue' from your configuration.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{type: lifo}|Queue 'q' has invalid type 'lifo'. Must be 'standard' or 'fifo'",
        "{type: fifo}|Queue 'q' is of type 'fifo' but 'message_group_field' is not set",
        "{group_concurrency: 2}|Queue 'q' has 'group_concurrency' 2; it must be 1: jobs of a group run one at a time",
        "{concurrency_scope: gateway}|Queue 'q' has 'concurrency_scope' \"gateway\"; it must be 'cluster'",
        "{concurrency: 0}|Queue 'q' has 'concurrency' 0; it must be at least 1",
        "{max_priority: 0}|Queue 'q' has 'max_priority' 0; it must be between 1 and 255",
        "{max_retries: -1}|Queue 'q' has 'max_retries' -1; it must be at least 0",
        "{max_retries: many}|Queue 'q' has 'max_retries' \"many\"; it must be a whole number",
        "{rate_limit: {max: 1}}|it must be {max, per_ms, key_field?}",
        "{max_retrys: 1}|Queue 'q' has an unknown key 'max_retrys'",
    })
    void shouldRefuseWhatDoesNotFit(String config, String text) {
        assertThat(Load.problems("workers: [{name: iii-queue, config: {queue_configs: {q: " + config + "}}}]"))
                .singleElement()
                .asString()
                .contains(text);
    }
}
