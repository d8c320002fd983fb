package io.iiikafka.topology.keeper.cron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClockSkewTest {

    private long nowMs = 1_700_000_000_000L;
    private final ClockSkew skew = new ClockSkew(() -> nowMs);

    @Test
    void shouldSaySoWhenAnAnswerIsOlderThanItsCall() {
        assertThat(skew.answered(nowMs - 10, nowMs - 1_500)).isEqualTo(-1_490);
    }

    @Test
    void shouldSaySoOnceInAWhileWhenAnAnswerComesFromTheFuture() {
        assertThat(skew.answered(nowMs, nowMs + 2_000)).isEqualTo(2_000);
        nowMs += 599_999;
        assertThat(skew.answered(nowMs, nowMs + 2_000)).isZero();
        nowMs += 1;
        assertThat(skew.answered(nowMs, nowMs + 2_000)).isEqualTo(2_000);
    }

    @Test
    void shouldNotMindSlowAnswersOrLessThanASecond() {
        assertThat(skew.answered(nowMs - 3_600_000, nowMs - 1_000_000)).isZero();
        assertThat(skew.answered(nowMs, nowMs - 900)).isZero();
        assertThat(skew.answered(nowMs, nowMs + 900)).isZero();
    }
}
