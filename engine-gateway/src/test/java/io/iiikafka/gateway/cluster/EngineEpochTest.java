package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Workers repair interrupted work when the engine's own rows show a new start (spec: protocol.md 2.6). */
class EngineEpochTest {

    @Test
    void shouldShowTheSameStartWhenTheOldestGatewayIsReplaced() throws Exception {
        try (TestEngine engine = TestEngine.start()) {
            TestGateway stays = engine.addGateway();
            try (RawWorker worker = engine.worker(stays, "asker")) {
                Set<Long> before = starts(worker);
                assertThat(before).hasSize(1).allMatch(start -> start > 0);

                engine.gateway().gateway().close();
                TestGateway joins = engine.addGateway();

                Awaitility.await().until(() -> stays.gateway().catalog().gateways().size() == 2);
                assertThat(starts(worker)).isEqualTo(before);
                try (RawWorker other = engine.worker(joins, "other asker")) {
                    assertThat(starts(other)).isEqualTo(before);
                }
            }
        }
    }

    private static Set<Long> starts(RawWorker worker) {
        Set<Long> starts = new TreeSet<>();
        worker.call("engine::workers::list", "{}").at("/result/workers").forEach(row -> {
            if ("engine".equals(row.path("runtime").textValue())) {
                starts.add(row.get("connected_at_ms").longValue());
            }
        });
        return starts;
    }
}
