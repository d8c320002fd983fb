package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How far a slot is dealt with. */
class SlotProgressTest {

    @Test
    void shouldStayAtARecordUntilAllItsCallsAreDealtWith() {
        SlotProgress slot = new SlotProgress(1, 7, 0);
        SlotProgress.Mark before = slot.begin(7);
        SlotProgress.Mark one = slot.begin(8);
        SlotProgress.Mark two = slot.begin(8);
        SlotProgress.Mark after = slot.begin(9);
        assertThat(slot.position()).isEqualTo(10);

        two.done();
        after.done();
        assertThat(slot.lowWater()).isEqualTo(7);
        before.done();
        assertThat(slot.lowWater()).isEqualTo(8);
        assertThat(slot.unfinished()).containsExactly(one);
        one.done();
        assertThat(slot.lowWater()).isEqualTo(10);
        assertThat(slot.idle()).isTrue();
    }

    @Test
    void shouldTellHowMuchOfWhatIsToComeMayHaveBeenRunByAGatewayThatIsGone() {
        SlotProgress slot = new SlotProgress(1, 7, 9);
        assertThat(slot.isUncertain(8)).isTrue();
        assertThat(slot.isUncertain(9)).isFalse();
        assertThat(slot.uncertainUntil()).isEqualTo(9);
        slot.begin(7);
        assertThat(slot.uncertainUntil()).isEqualTo(9);
        slot.begin(8);
        assertThat(slot.uncertainUntil()).isZero();
    }
}
