package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShareJobsTest {

    /** Zero: none does. */
    @ParameterizedTest
    @CsvSource({"2,0", "3,3", "4,3", "5,4", "10,9"})
    void shouldLayARecordAsideBeforeKafkaForgetsItButNotAtItsSecondDelivery(int limit, int first) {
        List<Integer> spent = IntStream.rangeClosed(1, limit)
                .filter(delivery -> ShareJobs.isSpent(delivery, limit))
                .boxed()
                .toList();

        assertThat(spent).isEqualTo(first == 0 ? List.of() : IntStream.rangeClosed(first, limit).boxed().toList());
    }
}
