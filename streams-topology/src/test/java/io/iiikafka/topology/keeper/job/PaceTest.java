package io.iiikafka.topology.keeper.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.iiikafka.topology.queue.QueueSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PaceTest {

    private static final QueueSettings.RateLimit ONE_AN_HOUR = new QueueSettings.RateLimit(1, 3_600_000, "key");

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldCostTheSameForManyKeys() {
        Pace pace = new Pace();
        for (int i = 0; i < 200_000; i++) {
            pace.began("k" + i, ONE_AN_HOUR, i);
        }
        assertThat(pace.nextMs("k0", ONE_AN_HOUR)).isEqualTo(3_600_000);
        assertThat(pace.nextMs("k199999", ONE_AN_HOUR)).isEqualTo(3_799_999);
        for (int i = 0; i < 10; i++) {
            pace.began("k0", ONE_AN_HOUR, 3_600_001 + i);
        }
        assertThat(pace.nextMs("k1", ONE_AN_HOUR)).as("it counts no more").isZero();
        assertThat(pace.nextMs("k0", ONE_AN_HOUR)).as("it began lately").isEqualTo(7_200_010);
    }
}
