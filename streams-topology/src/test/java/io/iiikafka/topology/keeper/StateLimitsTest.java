package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import io.iiikafka.topology.keeper.state.StateSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code max_value_bytes} and {@code max_value_bytes_strict} (spec: state.md 3.1, 8.1, 11). */
class StateLimitsTest {

    private static final String KEY = "{\"scope\":\"s\",\"key\":\"k\"";
    private static final String APPENDED =
            KEY + ",\"ops\":[{\"type\":\"append\",\"path\":\"\",\"value\":\"123456789\"}]}";

    @TempDir
    private Path directory;

    private KeeperBench keeper(boolean strict) {
        return new KeeperBench(
                directory, new StateSettings(List.of(), true, OptionalLong.of(10), strict, 1 << 20));
    }

    @Test
    void shouldRefuseWhatIsSetAndTellNobody() {
        try (KeeperBench keeper = keeper(false)) {
            keeper.trigger("{\"scope\":\"s\"}");
            assertThat(keeper.answer("state::set", KEY + ",\"value\":\"123456789\"}")).isEqualTo("VALUE_TOO_LARGE");
            assertThat(keeper.answer("state::transact", "{\"scope\":\"s\",\"writes\":["
                            + "{\"op\":\"set\",\"key\":\"a\",\"value\":1},{\"op\":\"set\",\"key\":\"k\",\"value\":\"123456789\"}]}"))
                    .isEqualTo("VALUE_TOO_LARGE");
            assertThat(keeper.fired()).isEmpty();
            assertThat(keeper.answer("state::list", "{\"scope\":\"s\"}")).isEqualTo("[]");
        }
    }

    @Test
    void shouldLetOtherWritesComeToMoreUnlessItIsStrict() {
        try (KeeperBench keeper = keeper(false)) {
            assertThat(keeper.answer("state::update", APPENDED)).contains("\"new_value\":\"123456789\"");
            assertThat(keeper.answer("state::compare-and-set", KEY + ",\"expected\":\"123456789\",\"value\":\"987654321\"}"))
                    .isEqualTo("{\"swapped\":true}");
        }
    }

    @Test
    void shouldRefuseWhatOtherWritesComeToWhenItIsStrict() {
        try (KeeperBench keeper = keeper(true)) {
            assertThat(keeper.answer("state::update", APPENDED)).isEqualTo("VALUE_TOO_LARGE");
            assertThat(keeper.answer("state::compare-and-set", KEY + ",\"value\":\"987654321\"}")).isEqualTo("VALUE_TOO_LARGE");
            assertThat(keeper.answer("state::list", "{\"scope\":\"s\"}")).isEqualTo("[]");
        }
    }

    /** In UTF-8 a character beyond the first 65,536 has four bytes. */
    @Test
    void shouldCountCharactersInUtf8() {
        try (KeeperBench keeper = keeper(true)) {
            assertThat(keeper.answer("state::set", KEY + ",\"value\":[  \"😀\"  ]}")).contains("new_value");
            assertThat(keeper.answer("state::set", KEY + ",\"value\":[  \"\\ud800\"  ]}")).contains("new_value");
            String appended = "[{\"type\":\"set\",\"path\":\"\",\"value\":\"😀😀\"}]}";
            assertThat(keeper.answer("state::update", KEY + ",\"ops\":" + appended)).contains("\"new_value\":\"😀😀\"");
        }
    }
}
