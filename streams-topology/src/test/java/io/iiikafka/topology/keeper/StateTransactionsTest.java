package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

import io.iiikafka.topology.keeper.state.StateSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several keys as one, repeats and leases (spec: state.md 12.2, 12.3). */
class StateTransactionsTest {

    private static final long DAY_MS = 24 * 3_600_000L;

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

    private String state(String function, String members) {
        return keeper.answer("state::" + function, "{\"scope\":\"s\"" + members + "}");
    }

    @Test
    void shouldDoAllWritesOfATransactionInOrderAndCountThemOnce() {
        state("set", ",\"key\":\"a\",\"value\":1");
        assertThat(state("transact", ",\"checks\":[{\"key\":\"a\",\"version\":1,\"equals\":1},{\"key\":\"b\",\"exists\":false}],"
                        + "\"writes\":[{\"op\":\"set\",\"key\":\"b\",\"value\":5.0},"
                        + "{\"op\":\"update\",\"key\":\"b\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]},"
                        + "{\"op\":\"delete\",\"key\":\"a\"}],\"reads\":[\"a\",\"b\"]"))
                .isEqualTo("{\"committed\":true,\"revision\":2,\"tx_id\":\"0:1\",\"results\":["
                        + "{\"key\":\"b\",\"old_value\":null,\"new_value\":5.0,\"version\":1},"
                        + "{\"key\":\"b\",\"old_value\":5.0,\"new_value\":6.0,\"version\":2},"
                        + "{\"key\":\"a\",\"old_value\":1,\"new_value\":null,\"version\":2}],\"reads\":["
                        + "{\"key\":\"a\",\"exists\":false,\"value\":null,\"version\":2},"
                        + "{\"key\":\"b\",\"exists\":true,\"value\":6.0,\"version\":2}]}");
        assertThat(state("list", "")).isEqualTo("[6.0]");
    }

    @Test
    void shouldChangeNothingWhenACheckDoesNotHold() {
        state("set", ",\"key\":\"a\",\"value\":1");
        assertThat(state("transact", ",\"checks\":[{\"key\":\"a\",\"exists\":true},{\"key\":\"a\",\"equals\":2}],"
                        + "\"writes\":[{\"op\":\"delete\",\"key\":\"a\"}]"))
                .isEqualTo("{\"committed\":false,\"failed\":["
                        + "{\"index\":1,\"key\":\"a\",\"exists\":true,\"value\":1,\"version\":1}]}");
        assertThat(state("get", ",\"key\":\"a\"")).isEqualTo("1");
    }

    @Test
    void shouldLeaveOutAFailingOperationOrAllWhenToldSo() {
        String writes = ",\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":1},{\"op\":\"update\",\"key\":\"t\",\"ops\":["
                + "{\"type\":\"increment\",\"path\":\"x\",\"by\":1}]}]";
        state("set", ",\"key\":\"t\",\"value\":{\"x\":\"text\"}");
        assertThat(state("transact", writes + ",\"all_or_nothing\":true"))
                .startsWith("{\"committed\":false,\"failed\":[{\"index\":1,\"key\":\"t\",\"errors\":[");
        assertThat(state("list", "")).isEqualTo("[{\"x\":\"text\"}]");
        assertThat(state("get_versioned", ",\"key\":\"a\"")).contains("\"revision\":1");
        assertThat(state("transact", writes)).contains("\"committed\":true,\"revision\":2").contains("errors");
        assertThat(state("get", ",\"key\":\"a\"")).isEqualTo("1");
    }

    @Test
    void shouldRefuseTransactionsThatCannotBe() {
        assertThat(state("transact", ",\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":1},"
                        + "{\"op\":\"delete\",\"scope\":\"other\",\"key\":\"a\"}]"))
                .isEqualTo("CROSS_SCOPE");
        String write = "{\"op\":\"delete\",\"key\":\"a\"},".repeat(129);
        assertThat(state("transact", ",\"writes\":[" + write.substring(0, write.length() - 1) + "]"))
                .isEqualTo("TX_TOO_LARGE");
        for (String bad : List.of(
                ",\"writes\":5",
                ",\"writes\":[5]",
                ",\"writes\":[{\"op\":\"put\",\"key\":\"a\"}]",
                ",\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":1},{\"op\":\"update\",\"key\":\"a\",\"ops\":[{\"type\":\"x\"}]}]",
                ",\"checks\":[{\"key\":\"a\"}]",
                ",\"reads\":[5]")) {
            assertThat(state("transact", bad)).as(bad).isEqualTo("deserialization_error");
        }
        assertThat(state("list", "")).isEqualTo("[]");
    }

    @Test
    void shouldTellTriggersOfEachWriteInOrderWithTheTransaction() {
        keeper.trigger("{\"scope\":\"s\",\"include_meta\":true}");
        state("transact", ",\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":1},{\"op\":\"delete\",\"key\":\"a\"}]");
        List<String> fired = keeper.written().stream()
                .filter(record -> record.startsWith("iii.invocations"))
                .toList();
        assertThat(fired).hasSize(2).allMatch(record -> record.contains("\"revision\":1")
                && record.contains("\"tx_id\":\"0:0\""));
        assertThat(fired.get(0)).contains("state:created", "\"event_id\":\"0:0:0\"", "\"version\":1");
        assertThat(fired.get(1)).contains("state:deleted", "\"event_id\":\"0:0:1\"", "\"version\":2");
    }

    @Test
    void shouldTellNobodyOfATransactionThatWasNotCommitted() {
        keeper.trigger("{\"scope\":\"s\"}");
        state("transact", ",\"all_or_nothing\":true,\"writes\":[{\"op\":\"set\",\"key\":\"a\",\"value\":\"x\"},"
                + "{\"op\":\"update\",\"key\":\"a\",\"ops\":[{\"type\":\"increment\",\"path\":\"x\",\"by\":1}]}]");
        assertThat(keeper.written()).isEmpty();
    }

    @Test
    void shouldRefuseToTakeAShardedScopeAsOne() {
        StateSettings sharded = new StateSettings(List.of("s"), true, OptionalLong.empty(), false, 1 << 20);
        try (KeeperBench spread = new KeeperBench(directory.resolve("sharded"), sharded)) {
            assertThat(spread.answer("state::transact", "{\"scope\":\"s\",\"writes\":[]}")).isEqualTo("CROSS_SCOPE");
            assertThat(spread.answer("state::read", "{\"scope\":\"s\"}")).isEqualTo("CROSS_SCOPE");
            assertThat(spread.answer("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1,"
                            + "\"fence\":{\"key\":\"other\",\"value\":1}}"))
                    .isEqualTo("CROSS_SCOPE");
        }
    }

    @Test
    void shouldReadSeveralKeysOrAWholeScope() {
        state("set", ",\"key\":\"b\",\"value\":null");
        state("set", ",\"key\":\"a\",\"value\":1");
        assertThat(state("read", ",\"keys\":[\"a\",{\"key\":\"x\"}]"))
                .isEqualTo("{\"revisions\":{\"s\":2},\"entries\":["
                        + "{\"scope\":\"s\",\"key\":\"a\",\"exists\":true,\"value\":1,\"version\":1},"
                        + "{\"scope\":\"s\",\"key\":\"x\",\"exists\":false,\"value\":null,\"version\":0}]}");
        assertThat(state("read", ""))
                .isEqualTo("{\"revisions\":{\"s\":2},\"entries\":["
                        + "{\"scope\":\"s\",\"key\":\"b\",\"exists\":true,\"value\":null,\"version\":1},"
                        + "{\"scope\":\"s\",\"key\":\"a\",\"exists\":true,\"value\":1,\"version\":1}]}");
        assertThat(state("read", ",\"at_revision\":1"))
                .isEqualTo("{\"revisions\":{\"s\":1},\"entries\":["
                        + "{\"scope\":\"s\",\"key\":\"b\",\"exists\":true,\"value\":null,\"version\":1}]}");
    }

    @Test
    void shouldGiveTheFirstReplyToARepeatForADay() {
        String increment =
                ",\"key\":\"n\",\"idempotency_key\":\"i\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":1}]";
        String first = state("update", increment);
        state("set", ",\"key\":\"n\",\"value\":10");
        keeper.now += DAY_MS - 1;
        assertThat(state("update", increment)).isEqualTo(first);
        assertThat(state("get", ",\"key\":\"n\"")).isEqualTo("10");
        keeper.now += 1;
        assertThat(state("update", increment)).contains("\"new_value\":11");
        assertThat(state("update", increment)).contains("\"new_value\":11");
        keeper.now += DAY_MS - 1;
        state("set", ",\"key\":\"o\",\"value\":1,\"idempotency_key\":\"sweeps\"");
        assertThat(state("update", increment)).contains("\"new_value\":11");
    }

    @Test
    void shouldKeepNoReplyOfARefusalAndOneOfADeleteOfNothing() {
        assertThat(state("set", ",\"key\":\"k\",\"value\":1,\"if_version\":7,\"idempotency_key\":\"i\""))
                .isEqualTo("VERSION_MISMATCH");
        assertThat(state("set", ",\"key\":\"k\",\"value\":1,\"if_version\":0,\"idempotency_key\":\"i\""))
                .contains("new_value");
        assertThat(state("delete", ",\"key\":\"gone\",\"idempotency_key\":\"d\"")).isEqualTo("null");
        state("set", ",\"key\":\"gone\",\"value\":1");
        assertThat(state("delete", ",\"key\":\"gone\",\"idempotency_key\":\"d\"")).isEqualTo("null");
        assertThat(state("get", ",\"key\":\"gone\"")).isEqualTo("1");
        assertThat(state("delete", ",\"key\":\"gone\",\"idempotency_key\":\"" + "x".repeat(257) + "\""))
                .isEqualTo("deserialization_error");
    }

    @Test
    void shouldForgetRepliesThatAreDue() {
        state("set", ",\"key\":\"k\",\"value\":1,\"idempotency_key\":\"i\"");
        keeper.now += DAY_MS + 1;
        keeper.written();
        state("set", ",\"key\":\"k\",\"value\":1,\"idempotency_key\":\"j\"");
        assertThat(keeper.written()).filteredOn(record -> record.contains("state-notes") && record.contains(" none"))
                .hasSize(2);
    }

    private String lease(String owner, String action, String more) {
        return state("lease", ",\"key\":\"l\",\"owner\":\"" + owner + "\",\"action\":\"" + action + "\"" + more);
    }

    @Test
    void shouldLeaseToOneAtATimeWithAFenceThatGrows() {
        String second = ",\"ttl_ms\":1000";
        long end = keeper.now + 1000;
        assertThat(lease("a", "acquire", second))
                .isEqualTo("{\"held\":true,\"owner\":\"a\",\"fence\":1,\"expires_at\":" + end + "}");
        assertThat(lease("b", "acquire", second))
                .isEqualTo("{\"held\":false,\"owner\":\"a\",\"fence\":1,\"expires_at\":" + end + "}");
        keeper.now += 999;
        assertThat(lease("a", "renew", second + ",\"fence\":1")).contains("\"held\":true", "\"fence\":1");
        keeper.now += 1000;
        assertThat(lease("a", "renew", second)).contains("\"held\":false");
        assertThat(lease("b", "acquire", second)).contains("\"held\":true,\"owner\":\"b\",\"fence\":2");
        assertThat(lease("a", "release", "")).contains("\"owner\":\"b\"");
        assertThat(lease("b", "release", "")).contains("\"held\":false,\"owner\":null,\"fence\":2");
        assertThat(lease("a", "acquire", second)).contains("\"fence\":3");
        assertThat(lease("a", "acquire", "")).isEqualTo("deserialization_error");
        assertThat(lease("a", "steal", second)).isEqualTo("deserialization_error");
        assertThat(state("list_keys", "")).isEqualTo("{\"keys\":[]}");
    }

    @Test
    void shouldRefuseWritesOfOneWhoHasLostTheLease() {
        lease("a", "acquire", ",\"ttl_ms\":10");
        assertThat(state("set", ",\"key\":\"k\",\"value\":1,\"fence\":{\"key\":\"l\",\"value\":1}")).contains("new_value");
        keeper.now += 10;
        lease("b", "acquire", ",\"ttl_ms\":10");
        assertThat(state("set", ",\"key\":\"k\",\"value\":2,\"fence\":{\"key\":\"l\",\"value\":1}")).isEqualTo("FENCED");
        assertThat(state("transact", ",\"writes\":[{\"op\":\"delete\",\"key\":\"k\"}],\"fence\":{\"key\":\"l\",\"value\":1}"))
                .isEqualTo("FENCED");
        assertThat(state("set", ",\"key\":\"k\",\"value\":3,\"fence\":{\"key\":\"l\",\"value\":2}")).contains("new_value");
        assertThat(state("set", ",\"key\":\"k\",\"value\":3,\"fence\":5")).isEqualTo("deserialization_error");
    }

    @Test
    void shouldComeToTheSameWhenRunAgain() {
        List<String> first = session(keeper);
        try (KeeperBench again = new KeeperBench(directory.resolve("two"))) {
            assertThat(session(again)).isEqualTo(first);
        }
        assertThat(first).anyMatch(record -> record.contains("state-notes"));
    }

    private static List<String> session(KeeperBench keeper) {
        for (int i = 0; i < 3; i++) {
            keeper.answer("state::lease", "{\"scope\":\"s\",\"key\":\"l\",\"owner\":\"a\",\"action\":\"acquire\",\"ttl_ms\":5}");
            keeper.answer("state::transact", "{\"scope\":\"s\",\"idempotency_key\":\"" + i + "\",\"writes\":["
                    + "{\"op\":\"set\",\"key\":\"k\",\"value\":" + i + "},{\"op\":\"delete\",\"key\":\"k\"}]}");
            keeper.now += DAY_MS;
        }
        return keeper.written();
    }
}
