package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.membership.PromptConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Consumers that wait long for records, and do not wait as long for their end. */
@Timeout(60)
class PromptConsumerTest {

    private static final int FETCH_WAIT_MS = 20_000;

    private final String name = "prompt-" + UUID.randomUUID();

    @AutoClose
    private final Admin admin = TestBroker.admin();

    @AutoClose
    private final PromptConsumer consumer = new PromptConsumer(properties(), Duration.ofSeconds(5));

    @BeforeEach
    void createTopic() throws Exception {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
        return properties;
    }

    private int members() throws Exception {
        return admin.describeConsumerGroups(List.of(name)).all().get().get(name).members().size();
    }

    @Test
    void shouldLeaveItsGroupAndNotWaitForTheFetchUnderWay() throws Exception {
        consumer.subscribe(List.of(name));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            consumer.poll(Duration.ofMillis(100));
            return !consumer.assignment().isEmpty();
        });
        assertThat(consumer.poll(Duration.ofMillis(500))).isEmpty(); // it has asked, and waits
        assertThat(members()).isEqualTo(1);
        long begin = System.nanoTime();
        consumer.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(FETCH_WAIT_MS / 2));
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> members() == 0);
    }
}
