package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.EchoWorker;
import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.topology.catalog.Catalog;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that joins takes slots from others, which go on running the calls that came by them. */
class HandedOverSlotTest {

    /** So many that some of their calls are on each slot of a gateway. */
    private static final List<String> FUNCTIONS =
            IntStream.range(0, 12).mapToObj(i -> "long::echo-" + i).toList();

    private Vertx vertx;
    private TestEngine engine;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        engine = TestEngine.start();
    }

    @AfterEach
    void stop() {
        engine.close();
        vertx.close();
    }

    @Test
    void shouldAnswerForCallsOfSlotsThatADeadGatewayHadHandedOver() throws Exception {
        try (EngineProcess doomed = EngineProcess.start(engine.topics().prefix(), 0, "gateway");
                EchoWorker worker = new EchoWorker(vertx, "slow", 1, FUNCTIONS);
                RawWorker caller = engine.worker("caller")) {
            worker.delay(60_000).connect(doomed.port(), false);
            FUNCTIONS.forEach(engine::awaitServed);
            int before = slots();
            List<String> calls = new ArrayList<>();
            FUNCTIONS.forEach(function -> calls.add(caller.start(function, "\"" + function + "\"")));
            Awaitility.await().until(() -> worker.runs().size() == FUNCTIONS.size());

            engine.addGateway();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> slots() < before);
            doomed.kill();

            for (String call : calls) {
                Optional<JsonNode> answer = caller.pollResult(call, SteadyCaller.ANSWERED_WITHIN);
                assertThat(answer.map(SteadyCaller::describe)).contains("invocation_stopped");
            }
        }
    }

    /** Of the gateway that has the worker. */
    private int slots() {
        Catalog catalog = engine.gateway().gateway().catalog();
        return catalog.workers()
                .filter(worker -> "slow".equals(worker.name()))
                .map(worker -> catalog.gateway(worker.gateway()))
                .mapToInt(gateway -> gateway.slots().size())
                .sum();
    }
}
