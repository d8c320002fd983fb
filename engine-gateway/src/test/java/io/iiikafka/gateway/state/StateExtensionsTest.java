package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Versions, reads and transactions of several keys, repeats and leases, by bare frames (spec: state.md 12.2, 12.3). */
class StateExtensionsTest {

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private static RawWorker worker;

    private final String scope = "scope-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
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
}
