package io.iiikafka.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A caller whose connection is cut while it waits, and that comes back as SDKs do. */
class ReattachedCallerTest {

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void shouldGiveTheNewConnectionResultsThatComeBeforeAndAfterIt() {
        try (RawWorker worker = engine.worker("worker").serve("patient::work");
                RawWorker old = engine.worker("caller")) {
            String early = old.start("patient::work", "\"early\"");
            String late = old.start("patient::work", "\"late\"");
            JsonNode earlyCall = worker.next("invokefunction");
            JsonNode lateCall = worker.next("invokefunction");

            old.cut();
            awaitGone(old);
            worker.answer(earlyCall, "1");
            worker.call("engine::functions::info", "{\"function_id\":\"patient::work\"}"); // its answer is behind that
            try (RawWorker next = engine.connect()) {
                next.send(reattach(old, old.token()));
                assertThat(next.awaitResult(early).get("result").intValue()).isEqualTo(1);
                worker.answer(lateCall, "2");
                assertThat(next.awaitResult(late).get("result").intValue()).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldGiveTheNewConnectionResultsWhenTheOldOneStillSeemsToLive() {
        try (RawWorker worker = engine.worker("worker").serve("patient::too");
                RawWorker old = engine.worker("caller");
                RawWorker next = engine.connect()) {
            String call = old.start("patient::too", "1");
            JsonNode asked = worker.next("invokefunction");
            next.send(reattach(old, old.token()));
            assertThat(old.closeCode()).isPositive();

            worker.answer(asked, "true");

            assertThat(next.awaitResult(call).get("result").booleanValue()).isTrue();
        }
    }

    @Test
    void shouldGiveNothingToWhoDoesNotHaveTheToken() {
        try (RawWorker worker = engine.worker("worker").serve("patient::secret");
                RawWorker old = engine.worker("caller");
                RawWorker thief = engine.connect()) {
            old.start("patient::secret", "1");
            JsonNode asked = worker.next("invokefunction");
            old.cut();
            awaitGone(old);
            thief.send(reattach(old, "guess"));

            worker.answer(asked, "\"secret\"");

            assertThat(thief.silentAbout("invocationresult", Duration.ofMillis(500))).isTrue();
        }
    }

    private static String reattach(RawWorker old, String token) {
        return "{\"type\":\"reattach\",\"previous_worker_id\":\"" + old.id() + "\",\"reattach_token\":\"" + token
                + "\"}";
    }

    private static void awaitGone(RawWorker worker) {
        Awaitility.await().until(() -> engine.gateway().gateway().catalog().worker(worker.id()) == null);
    }
}
