package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code state::*} by bare frames (spec: state.md sections 1 to 3). */
class StateTest {

    private static TestEngine engine;
    private static RawWorker worker;

    private final String scope = "scope-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
        worker = engine.worker("state-user");
    }

    @AfterAll
    static void stop() {
        worker.close();
        engine.close();
    }

    private JsonNode state(String function, String members) {
        return worker.call("state::" + function, "{\"scope\":\"" + scope + "\"" + members + "}");
    }

    @Test
    void shouldGiveBackWhatWasSet() {
        assertThat(state("set", ",\"key\":\"o-1\",\"value\":{\"n\":5.0}").get("result").toString())
                .isEqualTo("{\"old_value\":null,\"new_value\":{\"n\":5.0}}");
        assertThat(state("get", ",\"key\":\"o-1\"").get("result").toString()).isEqualTo("{\"n\":5.0}");
    }

    @Test
    void shouldTellAMissingKeyFromAStoredNull() {
        assertThat(state("get", ",\"key\":\"k\"").has("result")).isFalse();
        state("set", ",\"key\":\"k\",\"value\":null");
        JsonNode stored = state("get", ",\"key\":\"k\"");
        assertThat(stored.has("result")).isTrue();
        assertThat(stored.get("result").isNull()).isTrue();
    }

    @Test
    void shouldGiveTheRemovedValueToOneDeleteOnly() {
        state("set", ",\"key\":\"k\",\"data\":[1]");
        assertThat(state("delete", ",\"key\":\"k\"").get("result").toString()).isEqualTo("[1]");
        JsonNode again = state("delete", ",\"key\":\"k\"");
        assertThat(again.has("result") || again.has("error")).isFalse();
    }
}
