package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forked scopes (spec: state.md 12.4). */
class StateForksTest {

    @TempDir
    private Path directory;

    private KeeperBench keeper;

    @BeforeEach
    void start() {
        keeper = new KeeperBench(directory);
    }

    @AfterEach
    void close() {
        keeper.close();
    }

    private String on(String scope, String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private String set(String scope, String key, String value) {
        return on(scope, "set", ",\"key\":\"" + key + "\",\"value\":" + value);
    }

    private String get(String scope, String key) {
        return on(scope, "get", ",\"key\":\"" + key + "\"");
    }

    private void fork(String scope, String name) {
        assertThat(on(scope, "fork", ",\"name\":\"" + name + "\"")).contains("\"scope\":\"" + scope + "@" + name + "\"");
    }

    @Test
    void shouldShowItsParentAsItWasAndNothingLater() {
        set("s", "a", "1");
        set("s", "b", "2");
        assertThat(on("s", "fork", ",\"name\":\"f\""))
                .isEqualTo("{\"scope\":\"s@f\",\"parent\":\"s\",\"base_revision\":2,\"created_at\":" + keeper.now + "}");
        set("s", "a", "10");
        set("s", "a", "11");
        on("s", "delete", ",\"key\":\"b\"");
        set("s", "b", "20");
        set("s", "c", "3");
        assertThat(get("s@f", "a")).isEqualTo("1");
        assertThat(get("s@f", "b")).isEqualTo("2");
        assertThat(get("s@f", "c")).isEqualTo("null");
        assertThat(on("s@f", "list", ",\"include_keys\":true"))
                .isEqualTo("[{\"key\":\"a\",\"value\":1,\"version\":1},{\"key\":\"b\",\"value\":2,\"version\":1}]");
        assertThat(on("s", "list", "")).isEqualTo("[11,20,3]");
    }

    @Test
    void shouldBeWrittenWithoutItsParent() {
        set("s", "a", "1");
        set("s", "b", "2");
        fork("s", "f");
        assertThat(set("s@f", "b", "20")).isEqualTo("{\"old_value\":2,\"new_value\":20}");
        assertThat(on("s@f", "delete", ",\"key\":\"a\"")).isEqualTo("1");
        assertThat(get("s@f", "a")).isEqualTo("null");
        set("s@f", "n", "5");
        set("s@f", "a", "100");
        assertThat(on("s@f", "list_keys", "")).isEqualTo("{\"keys\":[\"b\",\"n\",\"a\"]}");
        assertThat(on("s", "list", "")).isEqualTo("[1,2]");
        assertThat(on("s@f", "get_versioned", ",\"key\":\"b\"")).contains("\"version\":2", "\"revision\":6");
    }

    @Test
    void shouldTellWhatItChangedAndWhatConflicts() {
        set("s", "same", "0");
        set("s", "changed", "1");
        set("s", "removed", "2");
        fork("s", "f");
        set("s@f", "changed", "10");
        on("s@f", "delete", ",\"key\":\"removed\"");
        set("s@f", "added", "3");
        assertThat(on("s@f", "diff", ""))
                .isEqualTo("{\"changes\":[{\"key\":\"changed\",\"kind\":\"changed\",\"from\":1,\"to\":10},"
                        + "{\"key\":\"added\",\"kind\":\"added\",\"from\":null,\"to\":3},"
                        + "{\"key\":\"removed\",\"kind\":\"removed\",\"from\":2,\"to\":null}],\"conflicts\":[]}");
        set("s", "changed", "11");
        assertThat(on("s@f", "diff", ",\"against\":\"parent\""))
                .contains("{\"key\":\"changed\",\"kind\":\"changed\",\"from\":11,\"to\":10}", "\"conflicts\":[\"changed\"]");
        assertThat(on("s@f", "merge_fork", ""))
                .isEqualTo("{\"merged\":false,\"revision\":4,\"applied\":[],\"conflicts\":[\"changed\"]}");
        assertThat(on("s", "list", "")).isEqualTo("[0,11,2]");
        assertThat(on("s@f", "merge_fork", ",\"strategy\":\"parent_wins\",\"drop\":false"))
                .isEqualTo("{\"merged\":true,\"revision\":5,\"applied\":[\"added\",\"removed\"],\"conflicts\":[\"changed\"]}");
        assertThat(on("s", "list", "")).isEqualTo("[0,11,3]");
        assertThat(on("s@f", "merge_fork", ",\"strategy\":\"fork_wins\",\"keys\":[\"changed\"]"))
                .contains("\"applied\":[\"changed\"]");
        assertThat(on("s", "list", "")).isEqualTo("[0,10,3]");
        assertThat(on("s@f", "diff", "")).as("it was dropped").isEqualTo("FORK_NOT_FOUND");
    }

    @Test
    void shouldTellWhatAForkIsForAndWhereAMergedChangeComesFrom() {
        set("s", "a", "1");
        on("s", "fork", ",\"name\":\"f\",\"metadata\":{\"why\":\"try\"}");
        assertThat(on("s", "list_forks", "")).contains("\"scope\":\"s@f\"", "\"metadata\":{\"why\":\"try\"}");
        set("s@f", "a", "2");
        on("s@f", "merge_fork", "");

        assertThat(on("s", "history", ",\"key\":\"a\",\"limit\":1"))
                .contains("\"op\":\"merge\"", "\"merged_from\":\"s@f\"", "\"tx_id\":");
    }

    @Test
    void shouldForkAForkAndKeepWhatBothNeed() {
        set("s", "a", "1");
        set("s", "b", "2");
        fork("s", "f");
        set("s@f", "a", "10");
        on("s@f", "delete", ",\"key\":\"b\"");
        fork("s@f", "g");
        set("s@f", "a", "11");
        set("s@f", "b", "22");
        set("s", "a", "100");
        set("s", "b", "200");
        assertThat(on("s@f@g", "list", "")).isEqualTo("[10]");
        assertThat(get("s@f@g", "b")).isEqualTo("null");
        assertThat(on("s@f", "list_keys", "")).isEqualTo("{\"keys\":[\"a\",\"b\"]}");
        set("s@f@g", "c", "3");
        assertThat(on("s@f", "drop_fork", "")).isEqualTo("FORK_IN_USE");
        assertThat(on("s@f@g", "merge_fork", "")).contains("\"merged\":true", "\"applied\":[\"c\"]");
        assertThat(on("s@f", "list", "")).isEqualTo("[11,22,3]");
        assertThat(on("s", "list_forks", ",\"recursive\":true")).contains("s@f").doesNotContain("s@f@g");
        assertThat(on("s@f", "drop_fork", "")).isEqualTo("{\"dropped\":true}");
        assertThat(on("s@f", "list", "")).isEqualTo("[]");
        fork("s", "f");
        assertThat(on("s@f", "list", "")).isEqualTo("[100,200]");
    }

    @Test
    void shouldGoEightDeepAndRefuseWhatMayNotBe() {
        set("s", "a", "1");
        String scope = "s";
        for (int i = 0; i < 8; i++) {
            fork(scope, "f");
            scope += "@f";
        }
        assertThat(get(scope, "a")).isEqualTo("1");
        assertThat(on(scope, "fork", "")).isEqualTo("FORK_DEPTH");
        assertThat(on("s", "fork", ",\"name\":\"f\"")).isEqualTo("FORK_EXISTS");
        set("s@plain", "k", "1");
        assertThat(on("s", "fork", ",\"name\":\"plain\"")).isEqualTo("FORK_EXISTS");
        assertThat(get("s@plain", "a")).as("no fork").isEqualTo("null");
        assertThat(on("s", "fork", ",\"name\":\"a/b\"")).isEqualTo("deserialization_error");
        assertThat(on("s", "merge_fork", "")).isEqualTo("FORK_NOT_FOUND");
        assertThat(on("s@f", "drop_fork", ",\"recursive\":true")).isEqualTo("{\"dropped\":true}");
        assertThat(on("s", "list_forks", "")).isEqualTo("{\"forks\":[]}");
    }

    @Test
    void shouldForkThePast() {
        set("s", "a", "1");
        set("s", "b", "2");
        set("s", "a", "10");
        on("s", "delete", ",\"key\":\"b\"");
        set("s", "c", "3");
        assertThat(on("s", "fork", ",\"name\":\"then\",\"at_revision\":2")).contains("\"base_revision\":2");
        set("s", "a", "11");
        assertThat(on("s@then", "list", "")).isEqualTo("[1,2]");
        assertThat(on("s", "fork", ",\"name\":\"beginning\",\"at_revision\":0")).contains("\"base_revision\":0");
        assertThat(on("s@beginning", "list", "")).isEqualTo("[]");
    }

    @Test
    void shouldForkThePastOfForks() {
        set("s", "k", "1");
        set("s", "l", "1");
        fork("s", "a");
        on("s@a", "delete", ",\"key\":\"k\"");
        set("s@a", "l", "2");
        set("s@a", "k", "2");
        set("s@a", "l", "3");

        assertThat(on("s@a", "fork", ",\"name\":\"b\",\"at_revision\":4")).contains("\"base_revision\":4");

        assertThat(on("s@a@b", "get", ",\"key\":\"k\"")).isEqualTo("null");
        assertThat(on("s@a@b", "list", "")).isEqualTo("[2]");
    }

    @Test
    void shouldRefuseToLookAtMoreThanFitsIntoMemory() {
        String value = "\"" + "x".repeat(4 << 20) + "\"";
        for (int i = 0; i < 13; i++) {
            set("s", "k" + i, value);
        }
        fork("s", "f");

        for (String asked : List.of(
                "list_keys_part {\"scope\":\"s@f\"}",
                "list_part {\"scope\":\"s@f\"}",
                "read {\"scope\":\"s\"}",
                "read {\"scope\":\"s@f\"}")) {
            int space = asked.indexOf(' ');
            assertThat(keeper.answer("state::" + asked.substring(0, space), asked.substring(space + 1)))
                    .as(asked)
                    .isEqualTo("payload_too_large");
        }
        assertThat(on("s@f", "get", ",\"key\":\"k1\"")).hasSize(value.length());
    }

    @Test
    void shouldTellTriggersOfForksOnlyWhenAskedTo() {
        set("s", "a", "1");
        fork("s", "f");
        keeper.trigger("{\"scope\":\"s\"}");
        set("s@f", "a", "2");
        assertThat(keeper.fired()).isEmpty();
        keeper.trigger("{\"scope_prefix\":\"s\"}");
        set("s@f", "a", "2");
        assertThat(keeper.fired()).isEmpty();
        keeper.trigger("{\"scope\":\"s@f\"}");
        set("s@f", "a", "3");
        assertThat(keeper.fired()).hasSize(1).allMatch(event -> event.contains("\"scope\":\"s@f\",\"key\":\"a\",\"old_value\":2"));
        keeper.trigger("{\"scope\":\"s\",\"include_forks\":true,\"include_meta\":true}");
        set("s@f", "a", "4");
        assertThat(keeper.fired()).hasSize(1).allMatch(event -> event.contains("\"fork_of\":\"s\""));
        assertThat(on("s@f", "merge_fork", "")).contains("\"merged\":true");
        assertThat(keeper.fired()).hasSize(1).allMatch(event -> event.contains("\"scope\":\"s\",\"key\":\"a\",\"old_value\":1"));
    }

    @Test
    void shouldBeDroppedWhenItIsNotUsedForItsTime() {
        set("s", "a", "1");
        on("s", "fork", ",\"name\":\"f\",\"ttl_ms\":1000");
        keeper.elapse(900);
        assertThat(get("s@f", "a")).isEqualTo("1");
        keeper.elapse(900);
        assertThat(on("s", "list_forks", "")).contains("s@f");
        keeper.elapse(1_100);
        assertThat(on("s", "list_forks", "")).isEqualTo("{\"forks\":[]}");
        assertThat(get("s@f", "a")).isEqualTo("null");
    }

    @Test
    void shouldNotShowWhatIsOverAndStillThere() {
        set("s", "a", "1");
        on("s", "set", ",\"key\":\"due\",\"value\":1,\"ttl_ms\":1000");
        on("other", "set", ",\"key\":\"due\",\"value\":1,\"ttl_ms\":1000");
        fork("s", "before");
        keeper.now += 1_000; // nothing has been cleared away yet
        fork("s", "f");
        assertThat(get("s@f", "due")).isEqualTo("null");
        assertThat(on("s@f", "list_keys", "")).isEqualTo("{\"keys\":[\"a\"]}");
        assertThat(get("s@before", "due")).isEqualTo("1");
        assertThat(on("s", "history", ",\"key\":\"due\"")).contains("\"op\":\"expire\"");
        assertThat(on("other", "history", "")).doesNotContain("expire");
        keeper.elapse(1_020);
        assertThat(on("other", "history", "")).contains("expire");
        assertThat(get("s@f", "due")).isEqualTo("null");
    }

    @Test
    void shouldShowTheParentAsItWasThoughItsTimeIsOverNow() {
        on("s", "set", ",\"key\":\"due\",\"value\":1,\"ttl_ms\":1000");
        set("s", "a", "1");
        keeper.now += 1_000; // nothing has been cleared away yet
        assertThat(on("s", "fork", ",\"name\":\"f\",\"at_revision\":1")).contains("\"base_revision\":1");
        assertThat(get("s@f", "due")).isEqualTo("1");
        keeper.elapse(1_020);
        assertThat(on("s", "history", ",\"key\":\"due\"")).contains("\"op\":\"expire\"");
        assertThat(get("s@f", "due")).isEqualTo("1");
    }

    @Test
    void shouldBeUsedByReadsAndTransactionsThatNameItBesideItsParent() {
        String named = "\"scope\":\"s@f\",\"key\":\"a\"";
        on("s", "fork", ",\"name\":\"f\",\"ttl_ms\":1000");
        keeper.elapse(900);
        on("s", "read", ",\"keys\":[\"b\",{" + named + "}]");
        keeper.elapse(900);
        on("s", "transact", ",\"writes\":[{\"op\":\"set\"," + named + ",\"value\":1}]");
        keeper.elapse(900);
        on("s", "transact", ",\"checks\":[{" + named + ",\"exists\":true}]");
        keeper.elapse(900);
        assertThat(on("s", "list_forks", "")).contains("\"scope\":\"s@f\"");
        keeper.elapse(1_100);
        assertThat(on("s", "list_forks", "")).isEqualTo("{\"forks\":[]}");
    }

    @Test
    void shouldTellOfNoConflictWhereAMergeFindsNone() {
        set("s", "a", "1");
        fork("s", "f");
        set("s@f", "a", "1");
        set("s", "a", "2");
        assertThat(on("s@f", "diff", "")).isEqualTo("{\"changes\":[],\"conflicts\":[]}");
        assertThat(on("s@f", "merge_fork", "")).contains("\"merged\":true", "\"conflicts\":[]");
    }

    @Test
    void shouldReadAndWriteAScopeAndItsForkAsOne() {
        set("s", "a", "1");
        fork("s", "f");
        assertThat(on("s", "transact", ",\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":2},"
                        + "{\"op\":\"set\",\"scope\":\"s@f\",\"key\":\"a\",\"value\":3}]"))
                .contains("\"committed\":true");
        assertThat(keeper.answer("state::read", "{\"keys\":[{\"scope\":\"s\",\"key\":\"a\"},{\"scope\":\"s@f\",\"key\":\"a\"}]}"))
                .contains("\"value\":2", "\"value\":3");
    }

    /** 12.4.2, 12.4.9. */
    @Test
    void shouldTellOfWritesOfInheritedKeysAsOfOthersAndNothingWhenItIsDropped() {
        set("s", "a", "1");
        set("s", "b", "2");
        fork("s", "f");
        keeper.trigger("{\"scope\":\"s@f\"}");
        set("s@f", "a", "10");
        on("s@f", "delete", ",\"key\":\"b\"");
        set("s@f", "c", "3");
        List<String> fired = keeper.fired();
        assertThat(fired).hasSize(3);
        assertThat(fired.get(0)).contains("\"event_type\":\"state:updated\"", "\"old_value\":1,\"new_value\":10");
        assertThat(fired.get(1)).contains("\"event_type\":\"state:deleted\"", "\"old_value\":2");
        assertThat(fired.get(2)).contains("\"event_type\":\"state:created\"");
        on("s@f", "drop_fork", "");
        assertThat(keeper.fired()).isEmpty();
    }

    /** 12.4.5. */
    @Test
    void shouldStayAsItIsWhenItsParentLosesAll() {
        set("s", "a", "1");
        set("s", "b", "2");
        fork("s", "f");
        on("s", "delete", ",\"key\":\"a\"");
        on("s", "delete", ",\"key\":\"b\"");
        assertThat(on("s", "list", "")).isEqualTo("[]");
        assertThat(on("s@f", "list", "")).isEqualTo("[1,2]");
    }

    /** 12.4.2: every function takes it for a scope. */
    @Test
    void shouldSayTheVersionOfAKeyThatItsParentRemovedBefore() {
        set("s", "a", "1");
        on("s", "delete", ",\"key\":\"a\"");
        fork("s", "f");
        set("s@f", "other", "1");
        set("s@f", "other", "2");
        String absent = "\"exists\":false,\"value\":null,\"version\":2";
        assertThat(on("s@f", "get_versioned", ",\"key\":\"a\"")).contains(absent);
        assertThat(on("s@f", "get_at", ",\"key\":\"a\",\"revision\":99")).contains(absent);
        assertThat(on("s@f", "get_at", ",\"key\":\"a\",\"revision\":3")).contains(absent);
        assertThat(on("s@f", "read", ",\"at_revision\":99,\"keys\":[\"a\"]")).contains(absent);
    }

    @Test
    void shouldBeAScopeForEveryFunction() {
        set("s", "a", "{\"n\":1}");
        fork("s", "f");
        assertThat(on("s@f", "compare-and-set", ",\"key\":\"a\",\"expected\":{\"n\":1},\"value\":{\"n\":2}"))
                .isEqualTo("{\"swapped\":true}");
        assertThat(on("s@f", "update", ",\"key\":\"a\",\"ops\":[{\"type\":\"increment\",\"path\":\"n\",\"by\":1}]"))
                .isEqualTo("{\"old_value\":{\"n\":2},\"new_value\":{\"n\":3}}");
        assertThat(on("s@f", "history", ",\"key\":\"a\",\"order\":\"asc\""))
                .contains("\"op\":\"cas\",\"old_value\":{\"n\":1},\"new_value\":{\"n\":2}", "\"op\":\"update\"");
        assertThat(on("s@f", "get_at", ",\"key\":\"a\",\"version\":2")).contains("\"value\":{\"n\":2}");
        assertThat(on("s@f", "read", "")).contains("\"scope\":\"s@f\",\"key\":\"a\",\"exists\":true,\"value\":{\"n\":3}");
        assertThat(get("s", "a")).isEqualTo("{\"n\":1}");
    }

    @Test
    void shouldTellTheParentRevisionAndTimeOfEachFork() {
        set("s", "a", "1");
        fork("s", "f");
        set("s@f", "a", "2");
        assertThat(on("s", "list_forks", ""))
                .isEqualTo("{\"forks\":[{\"scope\":\"s@f\",\"parent\":\"s\",\"base_revision\":1,\"created_at\":" + keeper.now
                        + ",\"revision\":2,\"metadata\":null}]}");
        assertThat(on("s", "fork", ",\"name\":\"" + "x".repeat(64) + "\"")).contains("\"parent\":\"s\"");
        assertThat(on("s", "fork", ",\"name\":\"" + "x".repeat(65) + "\"")).isEqualTo("deserialization_error");
        assertThat(on("s", "fork", ",\"name\":\"\"")).isEqualTo("deserialization_error");
    }

    @Test
    void shouldCountWhatAListOfAForkShows() {
        set("s", "a", "1");
        set("s", "b", "2");
        fork("s", "f");
        set("s@f", "c", "3");
        on("s@f", "delete", ",\"key\":\"a\"");
        assertThat(on("s@f", "list_part", "")).isEqualTo("{\"rows\":[2,3],\"next\":null,\"total\":2}");
    }

    @Test
    void shouldBeDroppedByAMergeWhoseDropIsNull() {
        fork("s", "f");
        on("s@f", "merge_fork", ",\"drop\":null");
        assertThat(on("s", "list_forks", "")).doesNotContain("s@f");
    }
}
