package io.iiikafka.gateway.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.history.Linearizability;
import io.iiikafka.gateway.history.Operation;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.iiikafka.gateway.testing.TestRun;
import org.junit.jupiter.api.Test;

/**
 * A scope behaves as if its calls came one after the other, whoever makes them through whichever gateway. The checker looks
 * at what the clients saw; the order in the log is only where it looks first, because of 64 concurrent calls there are too
 * many orders to try them all.
 */
class StateLinearizabilityTest {

    private static final int CLIENTS = 64;
    private static final int CALLS_EACH = 150;

    @Test
    void shouldBeLinearizableWhenManyClientsUseTheSameKeysThroughTwoGateways() throws Exception {
        long seed = TestRun.seed("state linearizability");
        int rounds = TestRun.rounds(2, 50);
        long calls = 0;
        long trials = 0;
        try (TestEngine engine = TestEngine.start();
                CommandLog log = new CommandLog(engine.topics())) {
            TestGateway second = engine.addGateway();
            List<RawWorker> workers = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                workers.add(engine.worker(i % 2 == 0 ? engine.gateway() : second, "client-" + i));
            }
            ScopeClients clients = new ScopeClients(workers);
            for (int round = 0; round < rounds; round++) {
                List<ScopeClients.Seen> seen = clients.run("hot-" + round, CALLS_EACH, seed + round);
                Map<String, Long> offsets = log.read();
                List<Operation<ScopeCall, String>> history = seen.stream()
                        .map(each -> each.operation().ranked(offsets.get(each.id())))
                        .toList();

                Linearizability.Verdict<ScopeCall, String> verdict =
                        Linearizability.check(new ScopeModel(), history);

                assertThat(verdict.stuck()).as("round %d of seed %d does not fit", round, seed).isEmpty();
                assertThat(verdict.linearizable()).isTrue();
                assertThat(history).as("all answered").allMatch(each -> each.output() != null);
                calls += history.size();
                trials += verdict.trials();
            }
            workers.forEach(RawWorker::close);
        }
        System.out.println("linearizable: " + calls + " calls of " + CLIENTS + " clients in " + rounds
                + " rounds, told by " + trials + " trials");
    }
}
