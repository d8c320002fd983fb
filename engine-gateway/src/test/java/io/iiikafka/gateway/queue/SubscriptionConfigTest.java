package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.queue.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What configs of {@code durable:subscriber} triggers come to (spec: queue.md 3.1, 6.2). */
class SubscriptionConfigTest {

    private static SubscriptionConfig read(String config) {
        return SubscriptionConfig.read(RawJson.of(config), QueueSettings.DEFAULT);
    }

    @Test
    void shouldReadAllThatQueueConfigSays() {
        SubscriptionConfig config = read("""
                {"topic":"t","condition_function_id":"is::ok","queue_config":{"type":"fifo","maxRetries":5,
                 "concurrency":4,"backoffType":"fixed","backoffDelayMs":2000,"visibilityTimeout":60,"delaySeconds":2,
                 "maxPriority":10}}""");

        assertThat(config.topic()).isEqualTo("t");
        assertThat(config.condition()).isEqualTo("is::ok");
        QueueSettings settings = config.settings();
        assertThat(settings.fifo()).isTrue();
        assertThat(settings.concurrency()).isEqualTo(1);
        assertThat(settings.maxAttempts()).isEqualTo(6);
        assertThat(settings.exponential()).isFalse();
        assertThat(settings.backoffMs()).isEqualTo(2_000);
        assertThat(settings.timeoutMs()).isEqualTo(60_000);
        assertThat(settings.delayMs()).isEqualTo(2_000);
    }

    @Test
    void shouldReadSnakeCaseAndOldKeys() {
        SubscriptionConfig config = read("""
                {"queue":"t","_condition_path":"is::ok","queue_config":{"max_retries":1,"backoff_type":"fixed",
                 "backoff_delay_ms":7,"visibility_timeout":3,"delay_seconds":1,"concurrency":0}}""");

        assertThat(config.topic()).isEqualTo("t");
        assertThat(config.condition()).isEqualTo("is::ok");
        assertThat(config.settings().maxAttempts()).isEqualTo(2);
        assertThat(config.settings().exponential()).isFalse();
        assertThat(config.settings().backoffMs()).isEqualTo(7);
        assertThat(config.settings().timeoutMs()).isEqualTo(3_000);
        assertThat(config.settings().delayMs()).isEqualTo(1_000);
        assertThat(config.settings().concurrency()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'topic':'t'}|3",
        "{'topic':'t','queue_config':{}}|3",
        "{'topic':'t','queue_config':{'maxRetries':0}}|1",
        "{'topic':'t','max_retries':0}|1",
        "{'topic':'t','maxRetries':4}|4",
        "{'topic':'t','retries':2}|2",
        "{'topic':'t','max_retries':4,'queue_config':{'maxRetries':9}}|4",
        "{'topic':'t','max_retries':4,'queue_config':{'max_attempts':9}}|9",
        "{'topic':'t','max_attempts':2,'queue_config':{'max_attempts':9}}|2",
        "{'topic':'t','queue_config':{'maxRetries':'5'}}|3",
        "{'topic':'t','queue_config':7}|3",
    })
    void shouldCountDeliveries(String config, int attempts) {
        assertThat(read(config.replace('\'', '"')).settings().maxAttempts()).isEqualTo(attempts);
    }

    @Test
    void shouldLetTheBackOffBesideQueueConfigGoFirst() {
        String config = "{\"topic\":\"t\",\"backoff_ms\":5,\"queue_config\":{\"backoffDelayMs\":9}}";
        assertThat(read(config).settings().backoffMs()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"topic\":\"\"}", "{\"topic\":5}", "null", "[]"})
    void shouldRequireATopic(String config) {
        assertThatThrownBy(() -> read(config)).hasMessage("queue is required for durable:subscriber trigger");
    }

    /** Those that stand in catalogs already must go on to be subscriptions. */
    @ParameterizedTest
    @ValueSource(strings = {
        "{'topic':'t','queue_config':{'delayMs':315360000001}}",
        "{'topic':'t','queue_config':{'delayMs':1e30}}",
        "{'topic':'t','queue_config':{'delaySeconds':315360001}}"
    })
    void shouldReadTimesOfMoreThanTenYearsAsTenYears(String config) {
        assertThat(read(config.replace('\'', '"')).settings().delayMs()).isEqualTo(QueueSettings.LONGEST_MS);
    }
}
