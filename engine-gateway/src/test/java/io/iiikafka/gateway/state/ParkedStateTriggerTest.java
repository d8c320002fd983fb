package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.Test;

/** A trigger that was there before whoever keeps the state (spec: state.md 5.1.6). */
class ParkedStateTriggerTest {

    @Test
    void shouldFireWhenTheKeeperComesAfterItsRegistration() {
        try (TestEngine engine = TestEngine.start()) {
            engine.stopKeeper();
            try (RawWorker worker = engine.worker("early").serve("changed")) {
                worker.trigger("t", "state", "changed", "{\"scope\":\"s\"}", "");
                engine.restartKeeper(true);
                worker.call("state::set", "{\"scope\":\"s\",\"key\":\"k\",\"value\":1}");
                JsonNode call = worker.called("changed");
                assertThat(call.at("/data/new_value").intValue()).isEqualTo(1);
                worker.answer(call, "null");
            }
        }
    }
}
