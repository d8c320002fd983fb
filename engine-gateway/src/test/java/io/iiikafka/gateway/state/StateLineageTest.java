package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.junit.jupiter.api.Test;

/** Which change led to which, over triggers and partitions; forks and times of life by bare frames (spec: state.md 12). */
class StateLineageTest {

    private final String scope = "scope-" + UUID.randomUUID();

    @Test
    void shouldFollowChangesBackThroughTheTriggersThatTheyFired() {
        try (TestEngine engine = TestEngine.shared();
                RawWorker worker = engine.worker("worker").serve("handle")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"state\",\"function_id\":\"handle\","
                    + "\"config\":{\"scope\":\"" + scope + "\"}}");
            worker.call("engine::registered-triggers::list", "{}");
            worker.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"cause\",\"value\":1}");
            JsonNode event = worker.next("invokefunction");
            String invocation = worker.start(
                    "state::set",
                    "{\"scope\":\"effect-" + scope + "\",\"key\":\"k\",\"value\":2}",
                    ",\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\",\"baggage\":"
                            + event.get("baggage"));
            worker.awaitResult(invocation);

            JsonNode chain = worker.call("state::lineage", "{\"scope\":\"effect-" + scope + "\",\"key\":\"k\"}")
                    .at("/result/chain");
            assertThat(chain).hasSize(2);
            assertThat(chain.at("/0/new_value").intValue()).isEqualTo(2);
            assertThat(chain.at("/0/actor/worker_name").textValue()).isEqualTo("worker");
            assertThat(chain.at("/0/actor/function_id").textValue()).isEqualTo("handle");
            assertThat(chain.at("/0/cause/trigger_id").textValue()).isEqualTo("t");
            assertThat(chain.at("/0/traceparent").textValue()).startsWith("00-0af7651916cd43dd8448eb211c80319c");
            assertThat(chain.at("/1/key").textValue()).isEqualTo("cause");
            assertThat(chain.at("/1/event_id")).isEqualTo(chain.at("/0/cause/event_id"));
            assertThat(chain.at("/1/cause/kind").textValue()).isEqualTo("call");

            assertThat(worker.call("state::lineage", "{\"scope\":\"effect-" + scope + "\",\"key\":\"k\",\"depth\":1}")
                            .at("/result/chain"))
                    .as("of depth 1")
                    .containsExactly(chain.get(0));

            String fork = worker.call("state::fork", "{\"scope\":\"" + scope + "\"}").at("/result/scope").textValue();
            worker.call("state::set", "{\"scope\":\"" + fork + "\",\"key\":\"more\",\"value\":3}");
            assertThat(worker.call("state::list", "{\"scope\":\"" + fork + "\"}").get("result").toString())
                    .isEqualTo("[1,3]");
            assertThat(worker.call("state::list_groups", "{\"prefix\":\"" + scope + "\"}").at("/result/groups"))
                    .hasSize(1);
            assertThat(worker.call("state::list_groups", "{\"prefix\":\"" + scope + "\",\"include_forks\":true}")
                            .at("/result/groups"))
                    .hasSize(2);
            assertThat(worker.call("state::merge_fork", "{\"scope\":\"" + fork + "\"}").at("/result/merged").booleanValue())
                    .isTrue();
            worker.call("state::set", "{\"scope\":\"" + scope + "\",\"key\":\"short\",\"value\":4,\"ttl_ms\":300}");
            worker.next(frame -> frame.at("/data/event_type").asText().equals("state:deleted")
                    && frame.at("/data/key").asText().equals("short"));
            assertThat(worker.call("state::list", "{\"scope\":\"" + scope + "\"}").get("result").toString())
                    .isEqualTo("[1,3]");
        }
    }
}
