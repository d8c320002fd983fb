package io.iiikafka.topology.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class IdlePollsTest {

    private static final Duration ROUND = Duration.ofMillis(500);
    private static final ConsumerRecords<byte[], byte[]> A_RECORD = new ConsumerRecords<>(
            Map.of(new TopicPartition("t", 0), List.of(new ConsumerRecord<>("t", 0, 0, new byte[0], new byte[0]))),
            Map.of());

    private final Deque<ConsumerRecords<byte[], byte[]>> coming = new ArrayDeque<>();
    private int polled;
    private boolean disturbed;
    private final IdlePolls idle = new IdlePolls(timeout -> {
        polled++;
        return coming.isEmpty() ? ConsumerRecords.empty() : coming.poll();
    });

    @Test
    void shouldPollOnceARoundUntilNothingHasComeForAWhile() {
        assertThat(pollsOfRound()).isEqualTo(1);
        assertThat(pollsOfRound()).isEqualTo(1);
        assertThat(pollsOfRound()).isEqualTo(1);
        assertThat(pollsOfRound()).isEqualTo(4);
        assertThat(pollsOfRound()).isEqualTo(4);
    }

    @Test
    void shouldHandOverAtOnceWhatComesInALongRoundAndBeBusyAgain() {
        becomeIdle();
        coming.add(ConsumerRecords.empty());
        coming.add(A_RECORD);

        assertThat(idle.poll(ROUND, () -> disturbed).count()).isEqualTo(1);
        coming.add(A_RECORD);
        assertThat(pollsOfRound()).isEqualTo(1);
        assertThat(pollsOfRound()).isEqualTo(1);
    }

    @Test
    void shouldEndALongRoundWhenDisturbed() {
        becomeIdle();
        disturbed = true;

        assertThat(pollsOfRound()).isEqualTo(1);
    }

    @Test
    void shouldNotTakeAPollWithoutATimeForIdleness() {
        becomeIdle();

        idle.poll(Duration.ZERO, () -> disturbed);

        assertThat(pollsOfRound()).isEqualTo(1);
    }

    private void becomeIdle() {
        for (int round = 0; round < 4; round++) {
            pollsOfRound();
        }
    }

    private int pollsOfRound() {
        polled = 0;
        idle.poll(ROUND, () -> disturbed);
        return polled;
    }
}
