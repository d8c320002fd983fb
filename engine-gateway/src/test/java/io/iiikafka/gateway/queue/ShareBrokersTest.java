package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ShareBrokersTest {

    /** In an outage each takes long. */
    @Test
    void shouldAskOnceForAllWhoWaitForTheSameCount() {
        QueueParts.Sharing sharing = new QueueParts.Sharing(
                new QueueRoom(), new Topics(TestBroker.freshPrefix()), TestBroker.clientProperties(), 1 << 20, JobWatch.NONE);
        CompletableFuture<Void> busy = new CompletableFuture<>();
        try (ShareBrokers brokers = new ShareBrokers(sharing)) {
            brokers.run(busy::join);
            Future<Long> first = brokers.count("q");
            assertThat(brokers.count("q")).isSameAs(first);
            assertThat(brokers.count("other")).isNotSameAs(first);
            busy.complete(null);

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(first::succeeded);
            assertThat(brokers.count("q")).as("what came meanwhile counts").isNotSameAs(first);
        }
    }
}
