package io.iiikafka.gateway.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class BeatTest {

    private static final long MS = 20;

    @Test
    void shouldNotMakeUpForBeatsThatAStallKeptFromComing() {
        Vertx vertx = Vertx.vertx();
        try {
            List<Long> beats = new CopyOnWriteArrayList<>();
            Context context = vertx.getOrCreateContext();
            context.runOnContext(begun -> Beat.every(MS, vertx, () -> beats.add(System.nanoTime())));
            Awaitility.await().until(() -> !beats.isEmpty());

            context.runOnContext(stalled -> stall(Duration.ofMillis(20 * MS)));

            int before = beats.size();
            Awaitility.await().until(() -> beats.size() > before + 10);
            for (int i = 1; i < beats.size(); i++) {
                assertThat(beats.get(i) - beats.get(i - 1)).isGreaterThan(Duration.ofMillis(MS - 1).toNanos());
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void shouldGoOnAfterABeatThatFailsAndEndWhenItIsStopped() {
        Vertx vertx = Vertx.vertx();
        try {
            List<Long> beats = new CopyOnWriteArrayList<>();
            Beat beat = Beat.every(MS, vertx, () -> {
                beats.add(System.nanoTime());
                throw new IllegalStateException("a beat that fails");
            });
            Awaitility.await().until(() -> beats.size() > 2);

            beat.stop();

            int last = beats.size();
            Awaitility.await()
                    .during(Duration.ofMillis(200))
                    .until(() -> beats.size() <= last + 1); // one may have begun
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /** Holds the event loop, as a process does that is frozen. */
    private static void stall(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
