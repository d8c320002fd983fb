package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions, reads and transactions of several keys, repeats and leases, by bare frames (spec: state.md 12.2, 12.3). */
class StateExtensionsTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static RawWorker worker;

    private final String scope = "scope-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.shared();
        worker = engine.worker("state-user");
    }

    private JsonNode state(String function, String members) {
        return worker.call("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    @Test
    void shouldRefuseAWriteAtAnotherVersionAndSayWhichItIs() {
        state("set", ",\"key\":\"k\",\"value\":1");
        state("set", ",\"key\":\"k\",\"value\":2");
        JsonNode refused = state("set", ",\"key\":\"k\",\"value\":3,\"if_version\":1");
        assertThat(code(refused)).isEqualTo("VERSION_MISMATCH");
        assertThat(refused.at("/error/message").textValue()).contains("is at version 2", "not at 1");
        JsonNode versioned = state("get_versioned", ",\"key\":\"k\"").get("result");
        assertThat(versioned.get("value").intValue()).isEqualTo(2);
        assertThat(versioned.get("version").intValue()).isEqualTo(2);
    }

    @Test
    void shouldReadKeysOfScopesOnAllPartitionsInOrder() {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            String address = "{\"scope\":\"" + scope + i + "\",\"key\":\"k\"";
            worker.call("state::set", address + ",\"value\":" + i + "}");
            keys.append(i == 0 ? "" : ",").append(address).append("}");
        }
        JsonNode read = worker.call("state::read", "{\"keys\":[" + keys + ",{\"scope\":\"none\",\"key\":\"k\"}]}")
                .get("result");
        assertThat(read.get("entries")).hasSize(13);
        for (int i = 0; i < 12; i++) {
            assertThat(read.at("/entries/" + i).toString())
                    .isEqualTo("{\"scope\":\"" + scope + i + "\",\"key\":\"k\",\"exists\":true,\"value\":" + i
                            + ",\"version\":1}");
            assertThat(read.get("revisions").get(scope + i).intValue()).isEqualTo(1);
        }
        assertThat(read.at("/entries/12/exists").booleanValue()).isFalse();
    }

    @Test
    void shouldCommitATransactionOnceForARepeatedKey() {
        String transfer = ",\"idempotency_key\":\"t-1\",\"writes\":["
                + "{\"op\":\"update\",\"key\":\"a\",\"ops\":[{\"type\":\"decrement\",\"path\":\"\",\"by\":5}]},"
                + "{\"op\":\"update\",\"key\":\"b\",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":5}]}]";
        JsonNode first = state("transact", transfer).get("result");
        assertThat(first.get("committed").booleanValue()).isTrue();
        assertThat(first.get("revision").intValue()).isEqualTo(1);
        assertThat(state("transact", transfer).get("result")).isEqualTo(first);
        assertThat(state("list", "").get("result").toString()).isEqualTo("[-5,5]");
        assertThat(code(worker.call("iii::state::read_part", "{\"scope\":\"s\"}"))).isEqualTo("function_not_found");
    }

    /** 12.2: bytes, not characters. */
    @Test
    void shouldRefuseALongerIdempotencyKeyThan256Bytes() {
        String longest = "x".repeat(254) + "\u00e9";
        String set = ",\"key\":\"limit\",\"value\":1,\"idempotency_key\":\"";
        assertThat(state("set", set + longest + "\"").has("error")).isFalse();
        JsonNode refused = state("set", set + longest + "y\"");
        assertThat(code(refused)).isEqualTo("deserialization_error");
        assertThat(refused.at("/error/message").textValue()).contains("`idempotency_key` is longer than 256 bytes");
    }

    @Test
    void shouldLeaseToOneWorkerUntilItsTimeIsOver() {
        assertThat(state("lease", ",\"key\":\"l\",\"owner\":\"a\",\"action\":\"acquire\",\"ttl_ms\":60000")
                        .at("/result/held")
                        .booleanValue())
                .isTrue();
        JsonNode other = state("lease", ",\"key\":\"l\",\"owner\":\"b\",\"action\":\"acquire\",\"ttl_ms\":60000")
                .get("result");
        assertThat(other.get("held").booleanValue()).isFalse();
        assertThat(other.get("owner").textValue()).isEqualTo("a");
        assertThat(other.get("expires_at").longValue()).isGreaterThan(System.currentTimeMillis());
    }

    /** 12.2: of lists. */
    @Test
    void shouldListKeysThatBeginSo() {
        for (String key : new String[] {"a1", "b1", "a2", "a3"}) {
            state("set", ",\"key\":\"" + key + "\",\"value\":\"" + key + "\"");
        }
        assertThat(state("list", ",\"prefix\":\"a\"").get("result").toString()).isEqualTo("[\"a1\",\"a2\",\"a3\"]");
        assertThat(state("list", ",\"prefix\":\"a\",\"after\":\"a1\",\"limit\":1").get("result").toString())
                .isEqualTo("[\"a2\"]");
        assertThat(state("list_keys", ",\"prefix\":\"b\"").get("result").toString()).isEqualTo("{\"keys\":[\"b1\"]}");
    }

    /** 12.3: of transactions. */
    @Test
    void shouldRefuseTransactionsThatAreTooLarge() {
        String check = "{\"key\":\"k\",\"exists\":false}";
        String checks = (check + ",").repeat(200) + check;
        String reads = "\"k\",".repeat(54) + "\"k\"";
        assertThat(state("transact", ",\"checks\":[" + checks + "],\"reads\":[" + reads + "]").at("/result/committed").booleanValue())
                .isTrue();
        assertThat(code(state("transact", ",\"checks\":[" + checks + "],\"reads\":[" + reads + ",\"k\"]")))
                .isEqualTo("TX_TOO_LARGE");
        String long1 = "{\"op\":\"set\",\"key\":\"k\",\"value\":\"" + "x".repeat(2 << 20) + "\"}";
        assertThat(code(state("transact", ",\"writes\":[" + long1 + "," + long1 + "]"))).isEqualTo("TX_TOO_LARGE");
        assertThat(state("get", ",\"key\":\"k\"").has("result")).isFalse();
    }

    @Test
    void shouldReadThePastOfOneScopeOnly() {
        state("set", ",\"key\":\"k\",\"value\":1");
        JsonNode refused = state("read", ",\"at_revision\":1,\"keys\":[\"k\",{\"scope\":\"other\",\"key\":\"k\"}]");
        assertThat(code(refused)).isEqualTo("deserialization_error");
        assertThat(state("read", ",\"at_revision\":0,\"keys\":[\"k\"]").at("/result/entries/0/exists").booleanValue()).isFalse();
    }

    /** 12.2: any later write without {@code ttl_ms} keeps the value. */
    @Test
    void shouldKeepWhatIsWrittenAgainBeforeItsTimeIsOver() {
        for (String key : new String[] {"updated", "swapped", "in a transaction", "gone"}) {
            state("set", ",\"key\":\"" + key + "\",\"value\":1,\"ttl_ms\":5000");
        }
        state("update", ",\"key\":\"updated\",\"ops\":[]");
        state("compare-and-set", ",\"key\":\"swapped\",\"expected\":1,\"value\":2");
        state("transact", ",\"writes\":[{\"op\":\"set\",\"key\":\"in a transaction\",\"value\":3}]");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !state("get", ",\"key\":\"gone\"").has("result"));
        assertThat(state("list", "").get("result").toString()).isEqualTo("[1,2,3]");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "compare-and-set|,\"key\":\"k\",\"expected\":1,\"value\":2|{\"swapped\":true}",
        "delete|,\"key\":\"k\"|1",
        "set|,\"key\":\"k\",\"value\":2|{\"old_value\":1,\"new_value\":2}"
    })
    void shouldGiveTheFirstReplyToARepeat(String call) {
        String[] parts = call.split("\\|");
        state("set", ",\"key\":\"k\",\"value\":1");
        String members = parts[1] + ",\"idempotency_key\":\"once\"";
        assertThat(state(parts[0], members).get("result").toString()).isEqualTo(parts[2]);
        state("set", ",\"key\":\"k\",\"value\":7");
        assertThat(state(parts[0], members).get("result").toString()).isEqualTo(parts[2]);
        assertThat(state("get", ",\"key\":\"k\"").get("result").intValue()).isEqualTo(7);
    }
}
