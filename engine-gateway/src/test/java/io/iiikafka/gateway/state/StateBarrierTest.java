package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code state::barrier} (spec: state.md 7.4). */
class StateBarrierTest {

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

    private static String code(JsonNode result) {
        return result.path("error").path("code").textValue();
    }

    private JsonNode arrive(String event, String config) {
        return worker.call("state::barrier", "{\"event\":" + event + ",\"condition_config\":{\"id\":\"" + scope + "\""
                + config + "}}");
    }

    @Test
    void shouldLetTheArrivalThroughThatCompletesTheSet() {
        String config = ",\"expect\":[\"a\",\"b\"],\"carry\":\"/v\"";
        assertThat(arrive("{\"key\":\"a\",\"v\":1}", config).at("/result/decision").textValue()).isEqualTo("skip");
        assertThat(arrive("{\"key\":\"c\"}", config).at("/result/decision").textValue()).isEqualTo("skip");
        assertThat(arrive("{\"key\":\"a\",\"v\":2}", config).at("/result/decision").textValue()).isEqualTo("skip");
        JsonNode complete = arrive("{\"key\":\"b\"}", config).get("result");
        assertThat(complete.get("decision").textValue()).isEqualTo("allow");
        assertThat(complete.get("payload").toString()).isEqualTo("{\"results\":{\"a\":2,\"b\":null}}");
        assertThat(arrive("{\"key\":\"b\"}", config).at("/result/decision").textValue()).isEqualTo("skip");
    }

    @Test
    void shouldCountArrivalsOfAnyName() {
        String config = ",\"expect\":2,\"key_from\":\"/n\"";
        assertThat(arrive("{\"n\":{\"x\":1}}", config).at("/result/decision").textValue()).isEqualTo("skip");
        assertThat(arrive("{\"n\":2}", config).at("/result/payload/results").toString())
                .isEqualTo("{\"{\\\"x\\\":1}\":{\"n\":{\"x\":1}},\"2\":{\"n\":2}}");
    }

    @Test
    void shouldRefuseBarriersThatMakeNoSense() {
        assertThat(code(worker.call("state::barrier", "{\"event\":{}}"))).isEqualTo("BARRIER_CONFIG");
        for (String config : new String[] {
            "", ",\"expect\":0", ",\"expect\":[]", ",\"expect\":[\"a\",\"a\"]", ",\"expect\":1,\"key_from\":\"x\""
        }) {
            assertThat(code(arrive("{\"key\":\"a\"}", config))).isEqualTo("BARRIER_ERROR");
        }
        assertThat(code(arrive("{}", ",\"expect\":1"))).isEqualTo("BARRIER_ERROR");
    }

    @Test
    void shouldRefuseABarrierWhoseRecordIsNone() {
        worker.call("state::set", "{\"scope\":\"state_barrier\",\"key\":\"" + scope + "\",\"value\":[1]}");
        JsonNode refused = arrive("{\"key\":\"a\"}", ",\"expect\":1");
        assertThat(code(refused)).isEqualTo("BARRIER_ERROR");
        assertThat(refused.at("/error/message").textValue()).startsWith("BARRIER_ERROR: ");
    }

    @Test
    void shouldLetExactlyOneOfArrivalsAtTheSameMomentThrough() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            calls.add(worker.start("state::barrier", "{\"event\":{\"key\":\"n" + i % 50
                    + "\"},\"condition_config\":{\"id\":\"" + scope + "\",\"expect\":50}}"));
        }
        List<String> decisions = new ArrayList<>();
        calls.forEach(call -> decisions.add(worker.awaitResult(call).at("/result/decision").textValue()));
        assertThat(decisions).hasSize(100).containsOnlyOnce("allow").contains("skip");
    }
}
