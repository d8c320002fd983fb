package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.broker.BrokerSettings;
import io.iiikafka.gateway.broker.EmbeddedBroker;
import io.iiikafka.gateway.testing.TestBroker;
import io.iiikafka.gateway.testing.WholeEngine;
import io.iiikafka.sdk.Worker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Queues with {@code share_group} on brokers that have no share groups (spec: queue.md 13.2): the keeper has their jobs. */
@Timeout(120)
class ShareQueueWithoutFeatureTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(ShareBrokers.class);
    private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();

    @BeforeEach
    void listen() {
        warnings.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(warnings);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(warnings);
        logger.setLevel(null);
    }

    @Test
    void shouldKeepTheSamePromisesAndWarnOnce() throws Exception {
        try (EmbeddedBroker broker =
                        EmbeddedBroker.start(new BrokerSettings(TestBroker.freshDirectory(), 0, 33 * 1024 * 1024));
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            FeatureUpdate none = new FeatureUpdate((short) 0, FeatureUpdate.UpgradeType.SAFE_DOWNGRADE);
            admin.updateFeatures(Map.of("share.version", none), new UpdateFeaturesOptions()).all().get(20, TimeUnit.SECONDS);
            Awaitility.await().until(() -> {
                FinalizedVersionRange share =
                        admin.describeFeatures().featureMetadata().get().finalizedFeatures().get("share.version");
                return share == null || share.maxVersionLevel() == 0;
            });
            try (WholeEngine engine = WholeEngine.start(Map.of("kafka.bootstrap.servers", broker.bootstrapServers()));
                    Worker worker = engine.connect("worker")) {
                shouldKeepPromises(worker);

                assertThat(warnings.list)
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .singleElement()
                        .asString()
                        .contains("have no share groups");
                assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                        .noneMatch(topic -> topic.startsWith("iii.queue."));
            }
        }
    }

    private static void shouldKeepPromises(Worker worker) {
        Jobs good = Jobs.serve(worker, "good");
        Jobs bad = Jobs.serve(worker, "bad", (data, number) -> {
            throw new IllegalStateException("boom");
        });
        Jobs.define(worker, "one", "{\"share_group\":true,\"max_retries\":1,\"backoff_ms\":50}");
        Jobs.define(worker, "two", "{\"share_group\":true,\"partitions\":3}");
        worker.enqueue("one", "good", 1);
        worker.enqueue("two", "good", 2);
        worker.enqueue("two", "late", 3);
        String given = worker.enqueue("one", "bad", 4);

        assertThat(good.await(2).data()).containsExactlyInAnyOrder("1", "2");
        assertThat(bad.await(2).gaps().getFirst()).isGreaterThanOrEqualTo(50);
        JsonNode letter = Awaitility.await().atMost(Duration.ofSeconds(10)).until(
                () -> Jobs.call(worker, "engine::queue::dlq_messages", Map.of("topic", "one")), each -> each.size() == 1).get(0);
        assertThat(letter.get("id").textValue()).isEqualTo(given);
        assertThat(letter.get("retries").intValue()).isEqualTo(2);

        assertThat(Jobs.serve(worker, "late").await(1).data()).containsExactly("3");
        worker.trigger("iii::queue::pause", Map.of("queue", "two"));
        worker.enqueue("two", "good", 5);
        assertThat(good.staysAt(2, Duration.ofMillis(500))).isTrue();
        assertThat(Jobs.call(worker, "iii::queue::purge", Map.of("queue", "two")).get("purged").intValue()).isEqualTo(1);
        worker.trigger("iii::queue::resume", Map.of("queue", "two"));
        worker.enqueue("two", "good", 6);
        assertThat(good.await(3).data()).containsOnlyOnce("6").doesNotContain("5");
    }
}
