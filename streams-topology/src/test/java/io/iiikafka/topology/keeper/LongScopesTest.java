package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would have to look at all of a long scope in one go is refused: others of the partition would wait for it. */
class LongScopesTest {

    private static final int AT_ONCE = 100;

    @TempDir
    private Path directory;

    private static void fill(KeeperBench keeper, int first) {
        StringBuilder writes = new StringBuilder();
        for (int i = first; i < first + AT_ONCE; i++) {
            writes.append(i == first ? "" : ",").append("{\"op\":\"set\",\"key\":\"k").append(i).append("\",\"value\":1}");
        }
        String written = keeper.answer("state::transact", "{\"scope\":\"s\",\"writes\":[" + writes + "]}");
        assertThat(written).startsWith("{\"committed\":true");
    }

    @Test
    void shouldRefuseToReadAllOfAScopeAtOnceWhenItIsTooLong() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            for (int first = 0; first < 100_000; first += AT_ONCE) {
                fill(keeper, first);
            }
            assertThat(keeper.answer("state::read", "{\"scope\":\"s\"}")).startsWith("{\"revisions\"");
            assertThat(keeper.answer("state::history", "{\"scope\":\"s\",\"limit\":1}")).startsWith("{\"entries\"");

            keeper.answer("state::set", "{\"scope\":\"s\",\"key\":\"one more\",\"value\":1}");

            assertThat(keeper.answer("state::read", "{\"scope\":\"s\"}")).isEqualTo("payload_too_large");
            assertThat(keeper.answer("state::history", "{\"scope\":\"s\",\"limit\":1}")).isEqualTo("payload_too_large");
            assertThat(keeper.answer("state::history", "{\"scope\":\"s\",\"key\":\"k1\"}")).startsWith("{\"entries\"");
            assertThat(keeper.answer("state::read", "{\"scope\":\"s\",\"keys\":[\"k1\"]}")).startsWith("{\"revisions\"");
        }
    }
}
