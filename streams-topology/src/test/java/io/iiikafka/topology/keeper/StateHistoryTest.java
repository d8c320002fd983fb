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

/** What is kept of changes, values that were, values for a time, chains of triggers (spec: state.md 12.2, 12.5, 5.3). */
class StateHistoryTest {

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

    private static StateSettings settings(HistorySettings history, int depth) {
        return new StateSettings(List.of(), true, OptionalLong.empty(), false, 1 << 20, depth, history);
    }

    private String state(String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"s\"" + members + "}");
    }

    private String set(String key, String value) {
        return state("set", ",\"key\":\"" + key + "\",\"value\":" + value);
    }

    @Test
    void shouldTellWhoChangedWhatAndHow() {
        set("k", "1");
        state("update", ",\"key\":\"k\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]");
        state("delete", ",\"key\":\"k\"");
        state("delete", ",\"key\":\"k\"");
        String history = state("history", ",\"key\":\"k\"");
        assertThat(history)
                .startsWith("{\"entries\":[{\"event_id\":\"0:2:0\",\"scope\":\"s\",\"key\":\"k\",\"event_type\":\"state:deleted\","
                        + "\"revision\":3,\"version\":3,\"timestamp\":" + keeper.now + ",\"op\":\"delete\",\"old_value\":2,"
                        + "\"new_value\":null,\"actor\":{\"worker_id\":\"w\"},\"invocation_id\":\"i\",\"cause\":{\"kind\":\"call\"}}")
                .contains("\"op\":\"update\"", "\"op\":\"set\"")
                .endsWith("],\"next_cursor\":null,\"earliest_revision\":1}");
        assertThat(state("history", ",\"order\":\"asc\",\"limit\":1,\"values\":false"))
                .contains("\"op\":\"set\"", "\"next_cursor\":\"1-3\"")
                .doesNotContain("new_value");
        set("k", "7");
        assertThat(state("history", ",\"order\":\"asc\",\"limit\":5,\"cursor\":\"1-3\""))
                .contains("\"op\":\"update\"", "\"op\":\"delete\"")
                .doesNotContain("\"new_value\":7");
        assertThat(state("history", ",\"from_revision\":2,\"to_revision\":2")).contains("update").doesNotContain("delete");
        assertThat(state("history", ",\"cursor\":\"x\"")).isEqualTo("INVALID_CURSOR");
        assertThat(state("history", ",\"limit\":1001")).isEqualTo("deserialization_error");
    }

    @Test
    void shouldGiveValuesAsTheyWere() {
        set("k", "1");
        keeper.now += 1_000;
        set("other", "0");
        set("k", "2");
        state("delete", ",\"key\":\"k\"");
        keeper.now += 1_000;
        set("k", "3");
        String k = ",\"key\":\"k\",";
        assertThat(state("get_at", k + "\"revision\":2")).contains("\"value\":1,\"version\":1,\"revision\":1");
        assertThat(state("get_at", k + "\"revision\":0")).contains("\"exists\":false");
        assertThat(state("get_at", k + "\"revision\":4")).contains("\"exists\":false");
        assertThat(state("get_at", k + "\"revision\":5")).contains("\"value\":3");
        assertThat(state("get_at", k + "\"version\":2")).contains("\"value\":2");
        assertThat(state("get_at", k + "\"version\":3")).contains("\"exists\":false");
        assertThat(state("get_at", k + "\"version\":9")).isEqualTo("REVISION_GONE");
        assertThat(state("get_at", k + "\"timestamp\":" + (keeper.now - 1_500))).contains("\"value\":1");
        assertThat(state("get_at", k + "\"timestamp\":" + (keeper.now - 500))).contains("\"exists\":false");
        assertThat(state("get_at", k + "\"version\":1,\"revision\":1")).isEqualTo("deserialization_error");
        assertThat(state("read", ",\"at_revision\":3,\"keys\":[\"k\",\"none\"]"))
                .contains("\"value\":2,\"version\":2", "\"key\":\"none\",\"exists\":false");
    }

    @Test
    void shouldSayTheLastVersionOfAKeyThatWasNotThere() {
        set("k", "1");
        state("delete", ",\"key\":\"k\"");
        keeper.now += 1_000;
        String k = ",\"key\":\"k\",";
        assertThat(state("get_at", k + "\"revision\":2")).contains("\"exists\":false", "\"version\":2");
        set("k", "3");
        assertThat(state("get_at", k + "\"revision\":0")).contains("\"exists\":false", "\"version\":0");
        assertThat(state("get_at", k + "\"revision\":2")).contains("\"exists\":false", "\"version\":2");
        assertThat(state("get_at", k + "\"timestamp\":" + (keeper.now - 500))).contains("\"exists\":false", "\"version\":2");
        assertThat(state("get_at", ",\"key\":\"none\",\"revision\":2")).contains("\"exists\":false", "\"version\":0");
        assertThat(state("read", ",\"at_revision\":2,\"keys\":[\"k\",\"none\"]"))
                .contains("\"key\":\"k\",\"exists\":false,\"value\":null,\"version\":2")
                .contains("\"key\":\"none\",\"exists\":false,\"value\":null,\"version\":0");
    }

    @Test
    void shouldRestoreAKeyOrAWholeScope() {
        set("a", "1");
        set("b", "2");
        state("delete", ",\"key\":\"a\"");
        set("c", "3");
        assertThat(state("restore", ",\"revision\":2"))
                .contains("\"committed\":true,\"revision\":5", "{\"key\":\"a\",\"old_value\":null,\"new_value\":1,")
                .contains("{\"key\":\"c\",\"old_value\":3,\"new_value\":null,")
                .doesNotContain("\"key\":\"b\"");
        assertThat(state("list", "")).isEqualTo("[2,1]");
        assertThat(state("restore", ",\"key\":\"c\",\"revision\":4")).contains("\"new_value\":3");
        assertThat(state("list", "")).isEqualTo("[2,1,3]");
    }

    @Test
    void shouldKeepSoManyVersionsOfAKeyAndSayWhatIsGone() {
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("few"), settings(new HistorySettings(true, 1_000_000, 3, true, List.of("quiet*")), 0));
        for (int i = 1; i <= 10; i++) {
            set("k", Integer.toString(i));
        }
        assertThat(state("history", "")).contains("\"earliest_revision\":8", "\"new_value\":8").doesNotContain("\"new_value\":7");
        assertThat(state("get_at", ",\"key\":\"k\",\"revision\":7")).contains("\"value\":7");
        assertThat(state("get_at", ",\"key\":\"k\",\"revision\":6")).isEqualTo("REVISION_GONE");
        keeper.answer("state::set", "{\"scope\":\"quiet-one\",\"key\":\"k\",\"value\":1}");
        assertThat(keeper.answer("state::history", "{\"scope\":\"quiet-one\"}"))
                .isEqualTo("{\"entries\":[],\"next_cursor\":null,\"earliest_revision\":2}");
    }

    /** Arrivals at a barrier count as changes, and are not kept. */
    @Test
    void shouldKeepNoMoreVersionsWhereSomeAreNotKept() {
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("gaps"), settings(new HistorySettings(true, 1_000_000, 3, true, List.of()), 0));
        String key = "{\"scope\":\"state_barrier\",\"key\":\"b\"";
        for (int i = 0; i < 3; i++) {
            keeper.answer("state::set", key + ",\"value\":{\"arrived\":{}}}");
        }
        for (int i = 0; i < 5; i++) {
            keeper.answer("state::barrier", "{\"condition_config\":{\"id\":\"b\",\"expect\":9},\"event\":{\"key\":\""
                    + i + "\"}}");
        }
        for (int i = 0; i < 3; i++) {
            keeper.answer("state::set", key + ",\"value\":" + i + "}");
        }
        assertThat(keeper.answer("state::history", key + "}"))
                .contains("\"version\":11", "\"version\":10", "\"version\":9")
                .doesNotContain("\"version\":3,", "\"version\":2,", "\"version\":1,");
    }

    @Test
    void shouldClearAwayWhatIsTooOld() {
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("short"), settings(new HistorySettings(true, 10_000, 1_000, true, List.of()), 0));
        for (int i = 0; i < 300; i++) {
            set("old-" + i, "1");
        }
        keeper.now += 20_000;
        for (int i = 0; i < 600; i++) {
            set("new", "1");
        }
        assertThat(state("history", ",\"limit\":1000")).doesNotContain("old-").contains("\"earliest_revision\":301");
    }

    @Test
    void shouldNameTheChangeThatMadeTheHandlerRun() {
        keeper.trigger("{\"scope\":\"s\",\"key\":\"k\"}");
        set("k", "1");
        String firing = keeper.fired().getFirst();
        assertThat(firing).contains("iii.cause=0%3A0%3A0", "iii.cause.trigger=t", "iii.depth=1");
        String baggage = firing.substring(firing.indexOf(" baggage=") + 9).split(" ")[0];
        keeper.answer(
                "state::set", "{\"scope\":\"s\",\"key\":\"effect\",\"value\":1}", "tenant=a," + baggage + ",iii.function.id=f");
        assertThat(state("history", ",\"key\":\"effect\""))
                .contains("\"cause\":{\"kind\":\"trigger\",\"trigger_id\":\"t\",\"event_id\":\"0:0:0\",\"scope\":\"s\",\"key\":\"k\","
                        + "\"version\":1}", "\"function_id\":\"f\"");
    }

    @Test
    void shouldStopChainsOfTriggersAtTheDepthThatIsSet() {
        keeper.close();
        keeper = new KeeperBench(directory.resolve("deep"), settings(HistorySettings.DEFAULT, 2));
        keeper.trigger("{\"scope\":\"s\"}");
        String value = "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}";
        keeper.answer("state::set", value, "iii.cause=x,iii.depth=1");
        assertThat(keeper.fired()).hasSize(1);
        keeper.answer("state::set", value, "iii.cause=x,iii.depth=2");
        assertThat(keeper.fired()).isEmpty();
    }

    @Test
    void shouldRemoveAValueWhenItsTimeIsOverAndTellTriggers() {
        keeper.trigger("{\"scope\":\"s\",\"include_meta\":true}");
        state("set", ",\"key\":\"k\",\"value\":1,\"ttl_ms\":1000");
        state("set", ",\"key\":\"kept\",\"value\":2,\"ttl_ms\":1000");
        set("kept", "3");
        keeper.fired();
        keeper.elapse(500);
        assertThat(state("list", "")).isEqualTo("[1,3]");
        keeper.now += 500; // over, but nobody has looked yet
        assertThat(state("list", "")).isEqualTo("[3]");
        assertThat(state("get", ",\"key\":\"k\"")).isEqualTo("null");
        assertThat(keeper.fired()).isEmpty();
        keeper.elapse(600);
        assertThat(keeper.fired())
                .hasSize(1)
                .allMatch(event -> event.contains("\"event_type\":\"state:deleted\",\"scope\":\"s\",\"key\":\"k\",\"old_value\":1")
                        && event.contains("\"event_id\":\"expired:"));
        assertThat(state("history", ",\"key\":\"k\"")).contains("\"op\":\"expire\"");
        assertThat(state("get", ",\"key\":\"kept\"")).isEqualTo("3");
    }

    @Test
    void shouldCountAValueWhoseTimeIsOverAsMissingWhenItIsSetAgain() {
        keeper.trigger("{\"scope\":\"s\"}");
        state("set", ",\"key\":\"k\",\"value\":1,\"ttl_ms\":1000");
        keeper.fired();
        keeper.now += 1_000;
        assertThat(set("k", "2")).isEqualTo("{\"old_value\":null,\"new_value\":2}");
        List<String> events = keeper.fired();
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).contains("state:deleted");
        assertThat(events.get(1)).contains("state:created");
        keeper.elapse(2_000);
        assertThat(keeper.fired()).isEmpty();
        assertThat(state("get", ",\"key\":\"k\"")).isEqualTo("2");
    }

    @Test
    void shouldTellBySwapsAndTransactionsAlso() {
        state("compare-and-set", ",\"key\":\"k\",\"value\":1");
        state("transact", ",\"writes\":[{\"op\":\"set\",\"key\":\"k\",\"value\":2},{\"op\":\"delete\",\"key\":\"k\"}]");
        assertThat(state("history", ",\"key\":\"k\",\"order\":\"asc\",\"limit\":1")).contains("\"op\":\"cas\"").doesNotContain("tx_id");
        assertThat(state("history", ",\"key\":\"k\",\"limit\":2"))
                .contains("\"op\":\"transact\"", "\"event_type\":\"state:deleted\"", "\"event_type\":\"state:updated\"")
                .contains("\"tx_id\":\"0:1\"", "\"event_id\":\"0:1:0\"", "\"event_id\":\"0:1:1\"");
    }

    @Test
    void shouldKeepNoValuesOrNothingWhenToldSo() {
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("bare"), settings(new HistorySettings(true, 1_000_000, 10, false, List.of()), 0));
        set("k", "\"secret\"");
        set("k", "2");
        assertThat(state("history", "")).contains("\"op\":\"set\"", "\"truncated\":true").doesNotContain("secret");
        assertThat(state("get_at", ",\"key\":\"k\",\"revision\":1")).isEqualTo("REVISION_GONE");
        keeper.close();
        keeper = new KeeperBench(
                directory.resolve("off"), settings(new HistorySettings(false, 1_000_000, 10, true, List.of()), 0));
        set("k", "1");
        set("k", "2");
        assertThat(state("history", "")).isEqualTo("{\"entries\":[],\"next_cursor\":null,\"earliest_revision\":3}");
        assertThat(state("get_at", ",\"key\":\"k\",\"revision\":1")).isEqualTo("REVISION_GONE");
        assertThat(state("fork", ",\"name\":\"f\",\"at_revision\":1")).isEqualTo("REVISION_GONE");
    }

    @Test
    void shouldShowValuesWhereTheOptionIsNull() {
        set("k", "7");
        assertThat(state("history", ",\"values\":null")).contains("\"new_value\":7");
    }
}
