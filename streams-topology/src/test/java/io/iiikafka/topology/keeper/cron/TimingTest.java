package io.iiikafka.topology.keeper.cron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimingTest {

    @Test
    void shouldHaveNoTickBeyondTheLastTimeThatThereIs() {
        Timing yearly = new Timing.Interval(365L * 86_400_000);
        assertThat(yearly.nextMs(Long.MAX_VALUE - 1_000)).isEqualTo(Timing.NEVER);
    }
}
