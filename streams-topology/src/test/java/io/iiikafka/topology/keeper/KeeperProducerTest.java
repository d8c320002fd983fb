package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KeeperProducerTest {

    private final MockProducer<byte[], byte[]> kafka = new MockProducer<>(
            true, new RoundRobinPartitioner(), new ByteArraySerializer(), new ByteArraySerializer());
    private final AnswerQueue queue = new AnswerQueue();
    private final List<Exception> failures = new ArrayList<>();

    private void answer() {
        queue.send(kafka, new ProducerRecord<>("r", 0, new byte[0], new byte[0]), (metadata, failure) -> {
            if (failure != null) {
                failures.add(failure);
            }
        });
    }

    @Test
    void shouldSendAnAnswerAtOnceWhenFewCommandsHaveCome() {
        queue.polled(1);

        answer();

        assertThat(kafka.history()).hasSize(1);
    }

    @Test
    void shouldSendAnswersTogetherWhenManyCommandsHaveCome() {
        queue.polled(1_000);

        for (int i = 0; i < 40; i++) {
            answer();
        }
        int before = kafka.history().size();
        queue.release();

        assertThat(before).isEqualTo(32);
        assertThat(kafka.history()).hasSize(40);
    }

    @Test
    void shouldReportAnAnswerAsFailedWhenTheProducerIsClosed() {
        kafka.close();

        answer();
        queue.release();

        assertThat(failures).hasSize(1);
    }

    @Test
    void shouldKeepAnswersOutOfTheTransactionAndLetThemLeaveAtOnce() {
        Map<String, Object> config = Map.of("client.id", "c", "transactional.id", "t", "transaction.timeout.ms", 5_000);

        assertThat(KeeperProducer.answers(config))
                .doesNotContainKeys("transactional.id", "transaction.timeout.ms")
                .containsEntry("linger.ms", 0)
                .containsEntry("client.id", "c-answers");
        assertThat(KeeperProducer.changes(config))
                .containsEntry("transactional.id", "t")
                .containsEntry("linger.ms", 20)
                .containsEntry("client.id", "c");
    }
}
