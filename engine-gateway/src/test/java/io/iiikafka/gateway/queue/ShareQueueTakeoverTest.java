package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.testing.EngineProcess;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of a queue with a topic whose gateway goes while it runs some of them (spec: queue.md 6.8, 13.2). */
@Timeout(300)
class ShareQueueTakeoverTest {

    private static final int JOBS = 400;

    /** Replicas of one worker: others may not serve the same function. */
    private static Worker connect(String url) throws Exception {
        Worker worker = Iii.connect(
                URI.create(url), WorkerOptions.builder().name("replica").keepAlive(false).build());
        worker.awaitConnected(Duration.ofSeconds(10));
        return worker;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRunEveryJobWhenAGatewayGoesInTheMiddle(boolean killed) throws Exception {
        Set<Integer> handled = ConcurrentHashMap.newKeySet();
        try (TestEngine engine = TestEngine.start();
                EngineProcess other = EngineProcess.start(engine.topics().prefix(), 0, "gateway").awaitReady();
                Worker here = connect(engine.gateway().url());
                Worker there = connect(other.url())) {
            Jobs.Handler handler = (data, number) -> {
                Thread.sleep(number % 4 == 0 ? 200 : 2); // some longer than a record is held
                handled.add(Integer.valueOf(data.toString()));
            };
            Jobs near = Jobs.serve(here, "handle", handler);
            Jobs far = Jobs.serve(there, "handle", handler);
            Jobs.define(here, "q", "{\"share_group\":true,\"concurrency\":20,\"max_retries\":0}");
            Set<Integer> given = new HashSet<>();
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            int least = JOBS;
            for (int i = 0; i < least; i++) {
                here.enqueue("q", "handle", i);
                given.add(i);
                if (i == least / 2 && far.seen().size() < 5 && System.nanoTime() - end < 0) {
                    least += 2; // a gateway that joined later has not got its part yet
                    Awaitility.await().until(() -> near.seen().size() + far.seen().size() + 20 >= given.size());
                } else if (i == least / 2) {
                    far.await(5, Duration.ofSeconds(30));
                    if (killed) {
                        other.kill();
                    } else {
                        other.stop();
                    }
                }
            }

            Awaitility.await().atMost(Duration.ofSeconds(100)).untilAsserted(() -> assertThat(handled).isEqualTo(given));
            Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(
                            Jobs.call(here, "engine::queue::topic_stats", Map.of("topic", "q")).toString())
                    .contains("\"depth\":0", "\"dlq_depth\":0", "\"delayed\":0"));
            if (!killed) {
                assertThat(near.seen().size() + far.seen().size()).as("none ran twice").isEqualTo(given.size());
            }
        }
    }
}
