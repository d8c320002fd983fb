package io.iiikafka.topology.keeper.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {

    @ParameterizedTest
    @CsvSource({
        "1000, 60000, 1, 1000",
        "1000, 60000, 2, 2000",
        "1000, 60000, 6, 32000",
        "1000, 60000, 7, 60000",
        "1000, 60000, 1000000, 60000",
        "0, 60000, 9, 0",
        "86400000, 86400000, 3, 86400000",
    })
    void shouldDoubleTheBackOffUpToItsLimit(long backoffMs, long maxBackoffMs, int failed, long delayMs) {
        assertThat(new Retry(9, backoffMs, maxBackoffMs, 1).delayMs(failed)).isEqualTo(delayMs);
    }
}
