package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A trigger fires though the gateway dies that asks its condition (spec: state.md 5.3, 12.6). */
class ConditionTakeoverTest {

    private TestEngine engine;

    @BeforeEach
    void start() {
        engine = TestEngine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private static boolean isCallOf(JsonNode frame, String function) {
        return "invokefunction".equals(frame.path("type").textValue())
                && function.equals(frame.path("function_id").textValue());
    }

    @Test
    void shouldAskTheConditionAgainWhenTheGatewayThatAskedItDies() throws Exception {
        try (EngineProcess doomed = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                RawWorker judge = engine.worker("judge").serve("judge");
                RawWorker first = RawWorker.connect(doomed.url()).announce("handler").serve("handle")) {
            judge.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"state\",\"function_id\":\"handle\","
                    + "\"config\":{\"scope\":\"s\",\"condition_function_id\":\"judge\"}}");
            engine.awaitServed("handle");
            judge.call("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}");
            judge.next(frame -> isCallOf(frame, "judge")); // it does not answer

            doomed.kill();
            assertThat(first.silentAbout("invokefunction", Duration.ofMillis(1))).isTrue();
            try (RawWorker second = engine.worker("handler").serve("handle")) {
                JsonNode[] again = new JsonNode[1];
                Awaitility.await()
                        .atMost(Duration.ofSeconds(40))
                        .untilAsserted(() -> again[0] = judge.next(frame -> isCallOf(frame, "judge")));
                judge.answer(again[0], "true");
                JsonNode call = second.next(frame -> isCallOf(frame, "handle"));
                assertThat(call.at("/data/new_value").intValue()).isEqualTo(1);
            }
        }
    }
}
