package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Worker;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queues with a topic of their own that are paused or purged (spec: queue.md 13.2). */
@Timeout(120)
class ShareQueuePauseTest {

    private static final TestEngine ENGINE = TestEngine.shared();

    @AutoClose
    private final Worker worker = Jobs.connect(ENGINE, "worker");

    private final SharedQueue shared = new SharedQueue(ENGINE, worker, Jobs.unique("q"));
    private final String function = Jobs.unique("f");

    @Test
    void shouldKeepJobsWhileTheQueueIsPaused() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define("");
        worker.trigger("iii::queue::pause", Map.of("queue", shared.name()));
        worker.enqueue(shared.name(), function, 1);
        worker.enqueue(shared.name(), function, 2);

        assertThat(jobs.staysAt(0, Duration.ofSeconds(1))).isTrue();
        shared.awaitDepth(2);
        worker.trigger("iii::queue::resume", Map.of("queue", shared.name()));
        assertThat(jobs.await(2).data()).containsExactlyInAnyOrder("1", "2");
    }

    /** Kafka's client would read on meanwhile, and hold the records longer than they are its. */
    @Test
    void shouldRunOnceWhatIsEnqueuedLongBeforeTheQueueGoesOn() throws Exception {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define("");
        limitLock(15_000); // the shortest that brokers allow
        worker.enqueue(shared.name(), function, 0);
        jobs.await(1);
        worker.trigger("iii::queue::pause", Map.of("queue", shared.name()));
        assertThat(jobs.staysAt(1, Duration.ofSeconds(2))).as("nothing is asked for any more").isTrue();
        worker.enqueue(shared.name(), function, 1);
        worker.enqueue(shared.name(), function, 2);
        assertThat(jobs.staysAt(1, Duration.ofSeconds(18))).isTrue();

        worker.trigger("iii::queue::resume", Map.of("queue", shared.name()));
        assertThat(jobs.await(3).data()).containsExactlyInAnyOrder("0", "1", "2");
        assertThat(jobs.staysAt(3, Duration.ofSeconds(3))).isTrue();
    }

    private void limitLock(int ms) throws Exception {
        ConfigEntry lock = new ConfigEntry("share.record.lock.duration.ms", Integer.toString(ms));
        try (Admin admin = TestBroker.admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, shared.topic()),
                            List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    /** There can be no topic of this name, so that no gateway ever has it. */
    @Test
    void shouldPauseAQueueWhoseTopicThisGatewayHasNotOpened() {
        String key = EntryKey.queue("not open");
        ShareGroup share = new ShareGroup(1, 60_000, null);
        ENGINE.put(new CatalogEntry.Queue("not open", false, QueueSettings.DEFAULT.with(share)));
        try {
            for (boolean paused : new boolean[] {true, false}) {
                worker.trigger(paused ? "iii::queue::pause" : "iii::queue::resume", Map.of("queue", "not open"));
                CatalogEntry.Queue entry =
                        (CatalogEntry.Queue) ENGINE.gateway().gateway().catalog().entry(key).entry();
                assertThat(entry.settings().share().paused()).isEqualTo(paused);
            }
        } finally {
            ENGINE.remove(key);
        }
    }

    @Test
    void shouldSayWhatIsWrongWithATopicThatCannotBeCounted() {
        String key = EntryKey.queue("no topic");
        ENGINE.put(new CatalogEntry.Queue(
                "no topic", false, QueueSettings.DEFAULT.with(new ShareGroup(1, 60_000, null))));
        try (RawWorker asker = ENGINE.worker("asker")) {
            for (String function : List.of("engine::queue::topic_stats", "iii::queue::purge")) {
                JsonNode error = asker.call(function, "{\"queue\":\"no topic\",\"topic\":\"no topic\"}").get("error");
                assertThat(error.get("code").textValue()).isEqualTo("invalid_queue");
                assertThat(error.get("message").textValue()).startsWith("Topic '" + ENGINE.topics().queue("no topic") + "'");
            }
        } finally {
            ENGINE.remove(key);
        }
    }

    @Test
    void shouldPurgeWhatWaitsInTheTopic() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define("");
        worker.trigger("iii::queue::pause", Map.of("queue", shared.name()));
        worker.enqueue(shared.name(), function, 1);
        worker.enqueue(shared.name(), function, 2);

        assertThat(Jobs.call(worker, "iii::queue::purge", Map.of("queue", shared.name())).get("purged").intValue()).isEqualTo(2);
        worker.trigger("iii::queue::resume", Map.of("queue", shared.name()));
        worker.enqueue(shared.name(), function, 3);
        assertThat(jobs.await(1).data()).containsExactly("3");
    }

    @Test
    void shouldRunAndPurgeTheRecordsOfAllPartitions() {
        Jobs jobs = Jobs.serve(worker, function);
        shared.define(",\"partitions\":3,\"function_id\":\"" + function + "\"");
        for (int partition = 0; partition < 3; partition++) {
            shared.produce(partition, Integer.toString(partition), Map.of());
        }
        assertThat(jobs.await(3).data()).containsExactlyInAnyOrder("0", "1", "2");
        shared.awaitDepth(0);

        worker.trigger("iii::queue::pause", Map.of("queue", shared.name()));
        for (int partition = 0; partition < 3; partition++) {
            shared.produce(partition, "\"purged\"", Map.of());
        }
        shared.awaitDepth(3);
        assertThat(Jobs.call(worker, "iii::queue::purge", Map.of("queue", shared.name())).get("purged").intValue()).isEqualTo(3);
        worker.trigger("iii::queue::resume", Map.of("queue", shared.name()));
        shared.produce(1, "3", Map.of());
        jobs.await(4);
        assertThat(jobs.data()).doesNotContain("\"purged\"");
    }
}
