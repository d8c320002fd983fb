package io.iiikafka.gateway.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

/** Which deliveries are repetitions. */
class SeenCallsTest {

    private final SeenCalls seen = new SeenCalls(2);

    @Test
    void shouldTakeEachCallOnceWhateverTheirOrder() {
        assertThat(seen.add(0, 105)).isTrue();
        assertThat(seen.add(0, 103)).isTrue();
        assertThat(seen.add(0, 104)).isTrue();

        assertThat(LongStream.of(103, 104, 105).filter(each -> seen.add(0, each))).isEmpty();
        assertThat(seen.add(1, 105)).isTrue();
        assertThat(seen.add(2, 105)).as("of a topic that has grown").isTrue();
        assertThat(seen.add(2, 105)).isTrue();
    }

    @Test
    void shouldRememberAsManyAsARouterMayRepeat() {
        assertThat(LongStream.range(0, 20_000).map(each -> 2 * each).allMatch(each -> seen.add(0, each))).isTrue();

        assertThat(LongStream.range(12_000, 20_000).map(each -> 2 * each).noneMatch(each -> seen.add(0, each))).isTrue();
        assertThat(LongStream.range(19_000, 20_000).map(each -> 2 * each + 1).allMatch(each -> seen.add(0, each))).isTrue();
    }

    @Test
    void shouldNotTakeACallThatMayHaveBeenForgotten() {
        LongStream.range(0, 10_000).forEach(each -> seen.add(0, each));

        assertThat(seen.add(0, 5)).isFalse();
    }
}
