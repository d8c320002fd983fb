package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Subscriptions to which nobody has come back (spec: queue.md 6.1). */
class ExpiredSubscriptionTest {

    @Test
    void shouldEndWhatWasWithoutATriggerForLongWithItsBacklogAndNothingElse() {
        try (TestEngine engine = TestEngine.start();
                RawWorker publisher = engine.worker("publisher");
                RawWorker stays = engine.worker("stays").serve("stays::handle")) {
            stays.trigger("s", "durable:subscriber", "stays::handle", "{\"topic\":\"kept\"}", "");
            try (RawWorker leaves = engine.worker("leaves").serve("leaves::handle")) {
                leaves.trigger("l", "durable:subscriber", "leaves::handle", "{\"topic\":\"left\"}", "");
            }
            publish(publisher, "left");
            assertThat(stats(publisher, "left")).contains("\"depth\":1");

            engine.addGateway(Duration.ofMillis(600));

            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(stats(publisher, "left")).contains("\"depth\":0"));
            assertThat(topics(publisher)).contains("\"kept\"").doesNotContain("\"left\"");
            publish(publisher, "kept");
            stays.answer(stays.called("stays::handle"), "null");

            try (RawWorker back = engine.worker("leaves").serve("leaves::handle")) {
                back.trigger("l", "durable:subscriber", "leaves::handle", "{\"topic\":\"left\"}", "");
                assertThat(back.silentAbout("invokefunction", Duration.ofMillis(500))).as("it begins anew").isTrue();
                publish(publisher, "left");
                back.answer(back.called("leaves::handle"), "null");
            }
        }
    }

    private static void publish(RawWorker publisher, String topic) {
        assertThat(publisher.call("iii::durable::publish", "{\"topic\":\"" + topic + "\",\"data\":1}").has("error"))
                .isFalse();
    }

    private static String stats(RawWorker worker, String topic) {
        return worker.call("engine::queue::topic_stats", "{\"topic\":\"" + topic + "\"}")
                .path("result")
                .toString();
    }

    private static String topics(RawWorker worker) {
        return worker.call("engine::queue::list_topics", "{}").path("result").toString();
    }
}
