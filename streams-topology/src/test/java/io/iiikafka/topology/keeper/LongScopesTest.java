package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What would have to look at all of a long scope in one go is refused: others of the partition would wait for it. */
class LongScopesTest {

    private static final int AT_ONCE = 100;

    @TempDir
    private Path directory;

    private static void fill(KeeperBench keeper, String scope, int first) {
        StringBuilder writes = new StringBuilder();
        for (int i = first; i < first + AT_ONCE; i++) {
            writes.append(i == first ? "" : ",").append("{\"op\":\"set\",\"key\":\"k").append(i).append("\",\"value\":1}");
        }
        String written = keeper.answer("state::transact", "{\"scope\":\"" + scope + "\",\"writes\":[" + writes + "]}");
        assertThat(written).startsWith("{\"committed\":true");
    }

    @Test
    void shouldRefuseToReadAllOfAScopeAtOnceWhenItIsTooLong() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            for (int first = 0; first < 100_000; first += AT_ONCE) {
                fill(keeper, "s", first);
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

    @Test
    void shouldRefuseToMergeMoreThanItCanAtOnceAndMergeItInPartsInstead() {
        try (KeeperBench keeper = new KeeperBench(directory)) {
            keeper.answer("state::set", "{\"scope\":\"p\",\"key\":\"k\",\"value\":0}");
            keeper.answer("state::fork", "{\"scope\":\"p\",\"name\":\"f\"}");
            for (int first = 0; first < 20_000; first += AT_ONCE) {
                fill(keeper, "p@f", first);
            }
            keeper.answer("state::delete", "{\"scope\":\"p@f\",\"key\":\"k\"}");

            assertThat(keeper.answer("state::merge_fork", "{\"scope\":\"p@f\"}")).isEqualTo("TX_TOO_LARGE");
            assertThat(keeper.answer("state::merge_fork", "{\"scope\":\"p@f\",\"drop\":false,\"keys\":[\"k\",\"k1\",\"x\"]}"))
                    .contains("\"merged\":true", "\"applied\":[\"k1\",\"k\"]");
            assertThat(keeper.answer("state::list_keys", "{\"scope\":\"p\"}")).isEqualTo("{\"keys\":[\"k1\"]}");
        }
    }
}
