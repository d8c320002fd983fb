package io.iiikafka.topology.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryCodec;
import io.iiikafka.topology.queue.QueueSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Subscriptions that end and are made again while messages come (spec: queue.md 6.1). */
class RenewedSubscriptionTest {

    private static final int ROUNDS = 2_000;

    @TempDir
    private Path directory;

    @AutoClose
    private TriggerRig keeper;

    private long offset;

    @BeforeEach
    void start() {
        keeper = new TriggerRig(directory);
        offset = keeper.known().position();
    }

    /** Nobody serves its function, so what it gets waits. */
    private static CatalogEntry.Subscription subscription(String topic, String epoch) {
        return new CatalogEntry.Subscription(
                topic, "default", "nobody", "nobody", null, null, QueueSettings.DEFAULT, epoch);
    }

    private void publish(String topic, int data) {
        keeper.run("iii::durable::publish", "{\"topic\":\"" + topic + "\",\"data\":" + data + "}");
    }

    private List<Integer> waiting(String topic) {
        return keeper.ask("iii::queue::list", "{\"queue\":\"" + topic + "\"}").findValues("payload").stream()
                .map(JsonNode::intValue)
                .toList();
    }

    /** The catalog changes on a thread of its own, at any moment of what the keeper does. */
    @Test
    void shouldNotGiveANewSubscriptionTheBacklogOfTheOldOneThoughAMessageComesAtThatMoment() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        CyclicBarrier together = new CyclicBarrier(2);
        for (int round = 0; round < ROUNDS; round++) {
            CatalogEntry.Subscription old = subscription("t" + round, "one");
            CatalogEntry.Subscription renewed = subscription("t" + round, "two");
            keeper.known().apply(old.key(), EntryCodec.encode(old), offset++);
            publish(old.topic(), 1);
            assertThat(waiting(old.topic())).containsExactly(1);

            long delayNanos = random.nextInt(200_000);
            byte[] entry = EntryCodec.encode(renewed);
            Thread catalog = Thread.ofPlatform().start(() -> {
                await(together);
                long from = System.nanoTime();
                while (System.nanoTime() - from < delayNanos) {
                    Thread.onSpinWait();
                }
                keeper.known().apply(old.key(), null, offset++);
                keeper.known().apply(old.key(), entry, offset++);
            });
            await(together);
            publish(old.topic(), 2);
            catalog.join();
            publish(old.topic(), 3);

            assertThat(waiting(old.topic())).as("round %s, seed %s", round, seed).doesNotContain(1).endsWith(3);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
