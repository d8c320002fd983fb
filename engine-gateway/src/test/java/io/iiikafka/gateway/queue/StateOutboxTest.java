package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.Test;

/** A change of state and the jobs that go with it are one, on whatever partitions they are (spec: queue.md 12.6). */
class StateOutboxTest {

    private static JsonNode transact(Worker worker, int number, boolean fails) {
        return worker.trigger(
                        "state::transact",
                        RawJson.of("{\"scope\":\"s" + number + "\",\"checks\":[{\"key\":\"k\",\"exists\":" + fails + "}],"
                                        + "\"writes\":[{\"op\":\"set\",\"key\":\"k\",\"value\":" + number + "},"
                                        + "{\"op\":\"enqueue\",\"queue\":\"default\",\"function_id\":\"outbox::job\",\"data\":"
                                        + number + "},{\"op\":\"publish\",\"topic\":\"outbox\",\"data\":" + number + "}]}")
                                .toTree())
                .toTree();
    }

    @Test
    void shouldMakeOneJobAndOneMessageOfEachTransactionAlsoWhenTheKeeperIsReplaced() {
        try (TestEngine engine = TestEngine.start();
                Worker worker = Jobs.connect(engine, "outbox")) {
            Jobs jobs = Jobs.serve(worker, "outbox::job");
            Jobs messages = Jobs.serve(worker, "outbox::message");
            worker.bind(Trigger.queue("outbox").to("outbox::message"));
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                if (i == 10) {
                    engine.restartKeeper(true);
                }
                assertThat(transact(worker, i, false).get("committed").booleanValue()).isTrue();
                assertThat(transact(worker, i + 1_000, true).get("committed").booleanValue()).isFalse();
                expected.add(Integer.toString(i));
            }
            jobs.await(20);
            messages.await(20);
            assertThat(jobs.staysAt(20, Duration.ofMillis(500))).isTrue();
            assertThat(messages.staysAt(20, Duration.ZERO)).isTrue();
            assertThat(new HashSet<>(jobs.data())).isEqualTo(new HashSet<>(expected));
            assertThat(new HashSet<>(messages.data())).isEqualTo(new HashSet<>(expected));
            assertThat(worker.trigger("state::get", Map.of("scope", "s7", "key", "k"))).hasToString("7");
        }
    }
}
