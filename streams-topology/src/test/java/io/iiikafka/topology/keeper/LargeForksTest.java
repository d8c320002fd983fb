package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forks that hold much are cleared away bit by bit (spec: state.md 12.4). */
class LargeForksTest {

    private static final int KEYS = 3_000;

    @TempDir
    private Path directory;

    @AutoClose
    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
        write("s", 0, "set", KEYS);
    }

    private String on(String scope, String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private void write(String scope, int from, String op, int to) {
        for (int first = from; first < to; first += 100) {
            StringBuilder writes = new StringBuilder();
            for (int i = first; i < first + 100; i++) {
                writes.append(i == first ? "" : ",").append("{\"op\":\"").append(op).append("\",\"key\":\"k").append(i)
                        .append("\",\"value\":").append(i + scope.length()).append('}');
            }
            assertThat(on(scope, "transact", ",\"writes\":[" + writes + "]")).contains("\"committed\":true");
        }
    }

    private void fork(String name) {
        assertThat(on("s", "fork", ",\"name\":\"" + name + "\"")).contains("\"parent\":\"s\"");
    }

    /** Ticks until the name of the fork is free; how many that took. */
    private int ticksUntilFree(String scope) {
        int ticks = 0;
        while (on(scope, "list_keys", "").equals("FORK_NOT_FOUND")) {
            keeper.elapse(20);
            assertThat(++ticks).isLessThan(1_000);
        }
        return ticks;
    }

    @Test
    void shouldBeGoneAtOnceForEverybodyAndClearedAwayLater() {
        fork("f");
        fork("other");
        write("s@f", 0, "set", KEYS);
        write("s@f", 0, "delete", 1_000);
        keeper.written();

        assertThat(on("s@f", "drop_fork", "")).isEqualTo("{\"dropped\":true}");
        assertThat(on("s", "list_forks", "")).contains("s@other").doesNotContain("s@f");
        for (String function : new String[] {"get", "set", "list", "history", "fork", "drop_fork", "diff"}) {
            assertThat(on("s@f", function, ",\"key\":\"k2500\",\"value\":1")).as(function).isEqualTo("FORK_NOT_FOUND");
        }
        assertThat(on("s", "transact", ",\"writes\":[{\"op\":\"set\",\"scope\":\"s@f\",\"key\":\"a\",\"value\":1}]"))
                .isEqualTo("FORK_NOT_FOUND");
        assertThat(on("s", "fork", ",\"name\":\"f\"")).isEqualTo("FORK_EXISTS");
        assertThat(on("s", "get", ",\"key\":\"k2500\"")).isEqualTo("2501");

        assertThat(ticksUntilFree("s@f")).isBetween(3, 30);
        fork("f");
        assertThat(on("s@f", "get", ",\"key\":\"k2500\"")).isEqualTo("2501");
        assertThat(on("s@f", "list_keys", ",\"limit\":2")).isEqualTo("{\"keys\":[\"k0\",\"k1\"]}");
        assertThat(on("s@f", "history", "")).contains("\"entries\":[]");
        assertThat(on("s@f", "diff", "")).isEqualTo("{\"changes\":[],\"conflicts\":[]}");
    }

    @Test
    void shouldLetGoOfWhatItsParentKeptForItAndForNobodyElse() {
        fork("f");
        write("s", 0, "set", 2_000);
        fork("other");
        write("s", 0, "delete", KEYS);
        on("s@f", "drop_fork", "");
        assertThat(ticksUntilFree("s@f")).isPositive();
        assertThat(on("s@other", "list_keys", ",\"after\":\"k2997\"")).isEqualTo("{\"keys\":[\"k2998\",\"k2999\"]}");
        assertThat(on("s@other", "get", ",\"key\":\"k1\"")).isEqualTo("2");
        keeper.written();
        on("s@other", "drop_fork", "");
        ticksUntilFree("s@other");
        assertThat(keeper.written()).filteredOn(each -> each.contains(" kept/s/") && each.contains(" none")).hasSize(KEYS);
    }

    @Test
    void shouldGoOnWithThatWhenItsTimeIsOverToo() {
        on("s", "fork", ",\"name\":\"f\",\"ttl_ms\":1000");
        write("s@f", 0, "set", KEYS);
        keeper.elapse(1_100);
        assertThat(on("s", "list_forks", "")).isEqualTo("{\"forks\":[]}");
        assertThat(on("s@f", "get", ",\"key\":\"k1\"")).isEqualTo("FORK_NOT_FOUND");
        ticksUntilFree("s@f");
        assertThat(on("s@f", "list", "")).isEqualTo("[]");
    }

    @Test
    void shouldTellNobodyOfValuesWhoseTimeIsOverWhileItIsClearedAway() {
        keeper.trigger("{\"include_forks\":true}");
        fork("f");
        write("s@f", 0, "set", KEYS);
        on("s@f", "set", ",\"key\":\"k2500\",\"value\":1,\"ttl_ms\":5");
        on("s@f", "drop_fork", "");
        keeper.written();
        keeper.elapse(20);
        assertThat(on("s@f", "get", ",\"key\":\"k2500\"")).as("still being cleared away").isEqualTo("FORK_NOT_FOUND");
        ticksUntilFree("s@f");
        assertThat(keeper.fired()).isEmpty();
    }
}
