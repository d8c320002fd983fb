package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code state::list_entries} (spec: state.md 7.3). */
class StateEntriesTest {

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
    void shouldGiveASnapshotPageByPage() {
        for (int i = 0; i < 5; i++) {
            state("set", ",\"key\":\"k" + i + "\",\"value\":" + (i == 3 ? "null" : i));
        }
        JsonNode first = state("list_entries", ",\"limit\":2").get("result");
        state("set", ",\"key\":\"k2\",\"value\":\"changed\"");
        state("delete", ",\"key\":\"k4\"");
        assertThat(first.get("entries").toString()).isEqualTo("[[\"k0\",0],[\"k1\",1]]");
        assertThat(first.get("offset").intValue()).isZero();
        assertThat(first.get("total").intValue()).isEqualTo(5);
        assertThat(first.get("done").booleanValue()).isFalse();

        String cursor = ",\"cursor\":" + first.get("next_cursor");
        assertThat(code(state("list_entries", ",\"limit\":3" + cursor))).isEqualTo("INVALID_CURSOR");
        JsonNode second = state("list_entries", ",\"limit\":2" + cursor).get("result");
        assertThat(second.get("entries").toString()).isEqualTo("[[\"k2\",2],[\"k3\",null]]");
        assertThat(code(state("list_entries", ",\"limit\":2" + cursor))).isEqualTo("INVALID_CURSOR");
        JsonNode last = state("list_entries", ",\"limit\":2,\"cursor\":" + second.get("next_cursor")).get("result");
        assertThat(last.toString())
                .isEqualTo("{\"entries\":[[\"k4\",4]],\"next_cursor\":null,\"done\":true,\"offset\":4,\"total\":5}");
        assertThat(worker.call("state::list_entries", "{\"scope\":\"none of " + scope + "\"}").at("/result/done").booleanValue())
                .isTrue();
    }

    @Test
    void shouldTakeACursorFromItsCallerAndForItsScopeOnly() {
        for (int i = 0; i < 3; i++) {
            state("set", ",\"key\":\"k" + i + "\",\"value\":" + i);
        }
        String cursor = "\"limit\":2,\"cursor\":" + state("list_entries", ",\"limit\":2").at("/result/next_cursor");
        try (RawWorker other = engine.worker("other-" + scope)) {
            assertThat(code(other.call("state::list_entries", "{\"scope\":\"" + scope + "\"," + cursor + "}")))
                    .isEqualTo("INVALID_CURSOR");
        }
        assertThat(code(worker.call("state::list_entries", "{\"scope\":\"another\"," + cursor + "}"))).isEqualTo("INVALID_CURSOR");
        assertThat(code(state("list_entries", ",\"limit\":2,\"cursor\":\"made up\""))).isEqualTo("INVALID_CURSOR");
        assertThat(state("list_entries", "," + cursor).at("/result/entries").toString()).isEqualTo("[[\"k2\",2]]");
    }

    @Test
    void shouldRefuseToPageThroughAScopeWithTooLongAName() {
        String name = "ä".repeat(513);
        assertThat(worker.call("state::list_entries", "{\"scope\":\"" + name + "\"}").has("error")).isTrue();
        assertThat(worker.call("state::list_entries", "{\"scope\":\"" + name.substring(1) + "\"}").has("result")).isTrue();
    }

    @Test
    void shouldHoldTheLimitsOfPages() {
        state("set", ",\"key\":\"k\",\"value\":\"" + "x".repeat(300) + "\"");
        state("set", ",\"key\":\"l\",\"value\":\"" + "x".repeat(300) + "\"");
        assertThat(code(state("list_entries", ",\"limit\":0"))).isEqualTo("INVALID_PAGE_LIMITS");
        assertThat(code(state("list_entries", ",\"limit\":1001"))).isEqualTo("INVALID_PAGE_LIMITS");
        assertThat(code(state("list_entries", ",\"max_bytes\":255"))).isEqualTo("INVALID_PAGE_LIMITS");
        assertThat(code(state("list_entries", ",\"max_bytes\":300"))).isEqualTo("ROW_TOO_LARGE");
        JsonNode page = state("list_entries", ",\"max_bytes\":600").get("result");
        assertThat(page.get("entries")).hasSize(1);
        assertThat(page.toString().length()).isLessThanOrEqualTo(600);
    }
}
