package io.iiikafka.gateway.topics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.membership.GlobalConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GlobalConsumerTest {

    /** A topic that a broker does not know yet and one that is not there are the same to it. */
    @Test
    void shouldHaveStreamsAskAgainForATopicThatTheBrokerDoesNotKnowYet() throws Exception {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        try (Admin admin = TestBroker.admin();
                GlobalConsumer consumer = new GlobalConsumer(properties)) {
            String topic = TestBroker.freshPrefix() + "catalog";
            assertThatThrownBy(() -> consumer.partitionsFor(topic))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessageContaining(topic);
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
            Awaitility.await().ignoreException(TimeoutException.class).until(() -> consumer.partitionsFor(topic).size() == 2);
        }
    }
}
