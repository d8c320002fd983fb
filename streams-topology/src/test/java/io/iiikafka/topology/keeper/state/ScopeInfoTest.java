package io.iiikafka.topology.keeper.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScopeInfoTest {

    @Test
    void shouldBeReadAsItWasWritten() {
        ScopeInfo info = new ScopeInfo(1, 2, 3, 4, 5, 6, 7, true);
        assertThat(ScopeInfo.parse(info.toText())).isEqualTo(info);
        assertThat(ScopeInfo.parse(ScopeInfo.NEW.toText())).isEqualTo(ScopeInfo.NEW);
    }

    @Test
    void shouldTakeAllEarlierRemovalsForUnrecordedWhereTheFormDoesNotTell() {
        assertThat(ScopeInfo.parse("1 2 3 4 5 6")).isEqualTo(new ScopeInfo(1, 2, 3, 4, 5, 6, 6, true));
        assertThat(ScopeInfo.parse("1 2 3 0 5 6").removed()).isFalse();
    }
}
