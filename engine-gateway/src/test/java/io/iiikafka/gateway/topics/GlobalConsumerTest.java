package io.iiikafka.gateway.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.membership.GlobalConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class GlobalConsumerTest {

    /** A topic that a broker does not know yet and one that is not there are the same to it. */
    @Test
    void shouldAskAgainForATopicThatTheBrokerDoesNotKnowYet() throws Exception {
        Map<String, Object> properties = new HashMap<>(TestBroker.clientProperties());
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        String topic = TestBroker.freshPrefix() + "catalog";
        try (Admin admin = TestBroker.admin();
                GlobalConsumer consumer = new GlobalConsumer(properties)) {
            CountDownLatch asks = new CountDownLatch(1);
            CompletableFuture<List<PartitionInfo>> partitions = CompletableFuture.supplyAsync(() -> {
                asks.countDown();
                return consumer.partitionsFor(topic);
            });
            asks.await();
            admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();

            assertThat(partitions.get(30, TimeUnit.SECONDS)).hasSize(2);
        }
    }
}
