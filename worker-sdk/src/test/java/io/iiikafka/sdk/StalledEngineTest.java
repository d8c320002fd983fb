package io.iiikafka.sdk;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The connection is there, but the engine reads nothing: what is sent piles up until no more is taken. */
@Timeout(30)
class StalledEngineTest {

    private static final RawJson MEBIBYTE = RawJson.ofValue("x".repeat(1 << 20));

    private FakeEngine engine;
    private Worker worker;
    private Thread filler;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeEngine();
        worker = Iii.connect(
                engine.address(),
                WorkerOptions.builder()
                        .name("stalled")
                        .keepAlive(false)
                        .closeTimeout(Duration.ofSeconds(1))
                        .build());
        worker.awaitConnected(Duration.ofSeconds(5));
        worker.function("early", json -> json);
        engine.last().await(Frame.RegisterFunction.class, function -> function.id().equals("early"));
        engine.last().deafen();
        fill();
    }

    /** Until the sender has to wait. */
    private void fill() {
        filler = Thread.startVirtualThread(() -> {
            try {
                while (true) {
                    worker.call("nobody").data(MEBIBYTE).timeout(Duration.ofSeconds(20)).triggerVoid();
                }
            } catch (InvocationException e) {
                // closed
            }
        });
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(10))
                .until(() -> filler.getState() == Thread.State.TIMED_WAITING);
    }

    @AfterEach
    void close() throws Exception {
        engine.last().cut();
        worker.close();
        engine.close();
        filler.join(5_000);
    }

    @Test
    void shouldEndACallAtItsTimeoutWhenItCannotEvenBeSent() {
        long started = System.nanoTime();

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.call("late").timeout(Duration.ofMillis(200)).trigger())
                .satisfies(e -> assertThat(e.code()).isEqualTo(InvocationException.TIMEOUT));
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.call("late").timeout(Duration.ofMillis(200)).triggerVoid())
                .satisfies(e -> assertThat(e.code()).isEqualTo(InvocationException.NOT_SENT));
        assertThat(worker.call("late").timeout(Duration.ofMillis(200)).triggerAsync(Object.class))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOfSatisfying(
                        InvocationException.class, e -> assertThat(e.code()).isEqualTo(InvocationException.TIMEOUT));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void shouldCloseInTime() throws Exception {
        Thread registering = Thread.startVirtualThread(() -> worker.function("late", json -> json));
        await().until(() -> registering.getState() == Thread.State.TIMED_WAITING);
        CountDownLatch closed = new CountDownLatch(1);

        Thread.ofPlatform().daemon().start(() -> {
            worker.close();
            closed.countDown();
        });

        assertThat(closed.await(10, TimeUnit.SECONDS)).as("closed").isTrue();
        assertThat(worker.isConnected()).isFalse();
    }
}
