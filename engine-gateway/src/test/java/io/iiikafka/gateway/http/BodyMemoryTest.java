package io.iiikafka.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyMemoryTest {

    private static final int LIMIT = 100;
    private static final int BODY = 60;

    private final BodyMemory memory = new BodyMemory(LIMIT);

    @Test
    void shouldMakeABodyWaitWhileOthersTakeAllAndResumeItWhenOneHasGone() {
        List<String> resumed = new ArrayList<>();
        BodyMemory.Share first = memory.share(() -> resumed.add("first"));
        BodyMemory.Share second = memory.share(() -> resumed.add("second"));
        assertThat(first.add(60)).isTrue();
        first.complete();

        assertThat(second.add(60)).isFalse();
        assertThat(resumed).isEmpty();
        first.release();
        assertThat(resumed).containsExactly("second");
    }

    @Test
    void shouldLetTheOldestGrowWhenOnlyUnfinishedBodiesTakeAll() {
        BodyMemory.Share oldest = memory.share(() -> {});
        BodyMemory.Share other = memory.share(() -> {});
        oldest.add(50);

        assertThat(other.add(60)).isFalse();
        assertThat(oldest.add(60)).isTrue();
    }

    /** Bodies come in by pieces, finish, and go, in any order: all of them do at last, and memory stays bounded. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldFinishEveryBodyWithinItsBounds(long seed) {
        Random random = new Random(seed);
        List<Body> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(new Body());
        }
        for (int step = 0; all.stream().anyMatch(body -> !body.gone); step++) {
            assertThat(step).as("seed %d", seed).isLessThan(100_000);
            all.get(random.nextInt(all.size())).step(1 + random.nextInt(10));
            assertThat(all.stream().mapToLong(body -> body.held).sum()).isLessThan(LIMIT + BODY + 50 * 10);
        }
    }

    private final class Body {
        private final BodyMemory.Share share = memory.share(() -> paused = false);
        private boolean paused;
        private boolean complete;
        private boolean gone;
        private long held;

        void step(int bytes) {
            if (complete && !gone) {
                gone = true;
                held = 0;
                share.release();
            } else if (!paused && !gone) {
                held += bytes;
                paused = !share.add(bytes);
                if (held >= BODY) {
                    complete = true;
                    share.complete();
                }
            }
        }
    }
}
