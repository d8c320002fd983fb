package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import io.iiikafka.topology.keeper.state.HistorySettings;
import io.iiikafka.topology.keeper.state.StateSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each key counts its own changes, also while it is not there (spec: state.md 12.3). */
class KeyVersionsTest {

    @TempDir
    private Path directory;

    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory.resolve("one"));
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    private void restart(HistorySettings history) {
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("two"), new StateSettings(List.of(), true, OptionalLong.empty(), false, 1 << 20, 0, history));
    }

    private String on(String scope, String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private String set(String key) {
        return on("s", "set", ",\"key\":\"" + key + "\",\"value\":1");
    }

    private void delete(String key) {
        on("s", "delete", ",\"key\":\"" + key + "\"");
    }

    /** Lets what is recorded of the key {@code k} become too old; something is due then, so that it is looked at. */
    private void forgetHistory() {
        on("due", "set", ",\"key\":\"k\",\"value\":1,\"ttl_ms\":1000");
        keeper.elapse(20_000);
        assertThat(on("s", "history", ",\"key\":\"k\"")).contains("\"entries\":[]");
    }

    private int version(String key) {
        return version("s", key);
    }

    private int version(String scope, String key) {
        String read = on(scope, "get_versioned", ",\"key\":\"" + key + "\"");
        return Integer.parseInt(read.replaceFirst(".*\"version\":([0-9]+).*", "$1"));
    }

    @Test
    void shouldCountEachKeyByItself() {
        set("a");
        delete("a");
        assertThat(version("b")).as("never written").isZero();
        assertThat(on("s", "set", ",\"key\":\"b\",\"value\":1,\"if_version\":2")).isEqualTo("VERSION_MISMATCH");
        set("b");
        assertThat(version("b")).isEqualTo(1);
        for (int i = 0; i < 5; i++) {
            set("b");
        }
        delete("b");
        assertThat(version("a")).isEqualTo(2);
        assertThat(on("s", "set", ",\"key\":\"a\",\"value\":1,\"if_version\":2")).contains("new_value");
        assertThat(version("a")).isEqualTo(3);
        assertThat(version("b")).isEqualTo(7);
    }

    @Test
    void shouldCountWhatOneTransactionRemovesAndMakesAgain() {
        set("a");
        delete("a");
        String writes = "{\"op\":\"set\",\"key\":\"c\",\"value\":1},{\"op\":\"delete\",\"key\":\"c\"},"
                + "{\"op\":\"set\",\"key\":\"c\",\"value\":1},{\"op\":\"set\",\"key\":\"d\",\"value\":1}";
        assertThat(on("s", "transact", ",\"writes\":[" + writes + "],\"reads\":[\"a\",\"e\"]"))
                .contains("\"new_value\":1,\"version\":3},{\"key\":\"d\",\"old_value\":null,\"new_value\":1,\"version\":1}")
                .contains("\"key\":\"a\",\"exists\":false,\"value\":null,\"version\":2}")
                .contains("\"key\":\"e\",\"exists\":false,\"value\":null,\"version\":0}");
    }

    @Test
    void shouldCountTheEndOfAValueSetForATimeWhenItComes() {
        on("s", "set", ",\"key\":\"k\",\"value\":1,\"ttl_ms\":1000");
        keeper.now += 1_000;
        assertThat(version("k")).as("before anybody has looked").isEqualTo(2);
        keeper.elapse(1_000);
        assertThat(version("k")).isEqualTo(2);
        assertThat(version("other")).isZero();
        set("k");
        assertThat(version("k")).isEqualTo(3);
    }

    @Test
    void shouldNeverRepeatAVersionThatTheHistoryHasForgotten() {
        restart(new HistorySettings(true, 10_000, 1_000, true, List.of()));
        set("k");
        set("k");
        delete("k");
        forgetHistory();
        set("other");
        delete("other");
        assertThat(version("k")).isGreaterThanOrEqualTo(3);
        set("k");
        assertThat(version("k")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void shouldNotCountRemovalsOfKeysThatAreThereAgainWhenTheHistoryForgetsThem() {
        restart(new HistorySettings(true, 10_000, 2, true, List.of()));
        set("k");
        delete("k");
        set("k");
        set("k");
        set("k");
        forgetHistory();
        assertThat(version("other")).isZero();
        delete("k");
        assertThat(version("k")).isEqualTo(6);
    }

    @Test
    void shouldNeverRepeatAVersionWhereNoHistoryIsKept() {
        restart(new HistorySettings(true, 10_000, 1_000, true, List.of("s")));
        set("k");
        delete("k");
        assertThat(version("k")).isEqualTo(2);
        set("k");
        delete("k");
        set("k");
        assertThat(version("k")).isEqualTo(5);
        assertThat(version("t", "k")).isZero();
    }

    @Test
    void shouldNeverRepeatAVersionWhenNoChangeOfAKeyMayBeKept() {
        restart(new HistorySettings(true, 10_000, 0, true, List.of()));
        set("k");
        delete("k");
        set("k");
        assertThat(version("k")).isEqualTo(3);
    }

    @Test
    void shouldShowVersionsOfAbsentKeysInForksAsTheParentHadThem() {
        set("k");
        delete("k");
        on("s", "fork", ",\"name\":\"f\"");
        set("k");
        delete("k");
        assertThat(version("s@f", "k")).isEqualTo(2);
        assertThat(version("s@f", "n")).isZero();
        on("s@f", "set", ",\"key\":\"n\",\"value\":1");
        assertThat(version("s@f", "n")).isEqualTo(1);
        on("s@f", "delete", ",\"key\":\"n\"");
        on("s@f", "set", ",\"key\":\"k\",\"value\":1");
        on("s@f", "fork", ",\"name\":\"g\"");
        assertThat(version("s@f@g", "k")).isEqualTo(3);
        assertThat(version("s@f@g", "n")).isEqualTo(2);
        on("s@f@g", "delete", ",\"key\":\"k\"");
        assertThat(version("s@f@g", "k")).isEqualTo(4);
        assertThat(version("s", "k")).isEqualTo(4);
        assertThat(version("s", "n")).isZero();
    }

    @Test
    void shouldNeverRepeatAVersionInAForkThatIsMadeAgain() {
        on("s", "fork", ",\"name\":\"f\"");
        for (int i = 0; i < 3; i++) {
            on("s@f", "set", ",\"key\":\"stays\",\"value\":1");
            on("s@f", "set", ",\"key\":\"goes\",\"value\":1");
        }
        on("s@f", "delete", ",\"key\":\"goes\"");
        on("s@f", "drop_fork", "");
        on("s", "fork", ",\"name\":\"f\"");
        assertThat(version("s@f", "stays")).isGreaterThanOrEqualTo(3);
        assertThat(version("s@f", "goes")).isGreaterThanOrEqualTo(4);
    }
}
