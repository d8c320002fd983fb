package io.iiikafka.sdk;

import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.iiikafka.sdk.WorkerListener.Kind;
import io.iiikafka.sdk.WorkerListener.Rejection;
import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(90)
class ReconnectTest {

    private static final Duration SOON = Duration.ofSeconds(15);

    private final Events events = new Events();
    private FakeEngine engine;
    private Worker worker;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeEngine();
        worker = Iii.connect(engine.address(), options().build());
        worker.awaitConnected(SOON);
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        engine.close();
    }

    private WorkerOptionsBuilder options() {
        return WorkerOptions.builder()
                .name("calc")
                .keepAlive(false)
                .listener(events)
                .maxQueuedFrames(100)
                .reconnect(new Reconnect(
                        Duration.ofMillis(20), Duration.ofMillis(100), Duration.ofMillis(100), 0.3));
    }

    private void awaitConnection(int number) {
        await().atMost(SOON).until(() -> engine.connections.size() >= number && worker.isConnected());
    }

    @Test
    void shouldReplayRegistrationsUnderTheSameIdsAfterALoss() {
        worker.function("a", json -> json);
        Registration gone = worker.function("b", json -> json);
        worker.triggerType("webhook", "w", new TriggerTypeHandler() {
            @Override
            public void register(TriggerBinding binding) {}

            @Override
            public void unregister(TriggerBinding binding) {}
        });
        Registration trigger = worker.bind(Trigger.cron("0 0 2 * * *").to("a"));
        gone.unregister();
        String firstId = engine.connections.getFirst().id;
        engine.last().await(Frame.UnregisterFunction.class, f -> f.id().equals("b"));

        engine.last().cut();
        awaitConnection(2);

        engine.last().await(Frame.RegisterTrigger.class, t -> t.id().equals(trigger.id()));
        List<Frame> frames = engine.last().frames;
        assertThat(frames.get(0)).isEqualTo(new Frame.Reattach(firstId, "token-of-" + firstId));
        assertThat(frames.get(1)).isInstanceOfSatisfying(
                Frame.InvokeFunction.class, call -> assertThat(call.functionId()).isEqualTo("engine::workers::register"));
        assertThat(frames.get(2)).isInstanceOf(Frame.RegisterTriggerType.class);
        assertThat(frames.get(3)).isInstanceOfSatisfying(
                Frame.RegisterFunction.class, f -> assertThat(f.id()).isEqualTo("a"));
        assertThat(frames).hasSize(5);
        assertThat(worker.trigger("a", 1)).hasToString("1");
        assertThat(worker.id()).isEqualTo(engine.last().id);
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(events.connected).contains(firstId, engine.last().id);
            assertThat(events.disconnected).hasSize(1);
        });
    }

    @Test
    void shouldSendWhatWaitedAfterTheRegistrations() throws Exception {
        worker.function("a", json -> json);
        engine.stop();
        await().atMost(SOON).until(() -> !worker.isConnected());

        Registration b = worker.function("b", json -> json);
        worker.function("c", json -> json);
        b.unregister();
        CompletableFuture<Integer> waiting = worker.triggerAsync("c", 7, Integer.class);
        CompletableFuture<Integer> hopeless =
                worker.call("c").timeout(Duration.ofMillis(1)).data(8).triggerAsync(Integer.class);
        assertThat(hopeless).failsWithin(SOON);
        engine.start();

        assertThat(waiting).succeedsWithin(SOON).isEqualTo(7);
        assertThat(engine.last().all(Frame.InvokeFunction.class)).noneMatch(call -> "8".equals(String.valueOf(call.data())));
        assertThat(engine.last().all(Frame.RegisterFunction.class)).extracting(Frame.RegisterFunction::id)
                .containsExactly("a", "c");
        assertThat(engine.last().all(Frame.UnregisterFunction.class)).containsExactly(new Frame.UnregisterFunction("b"));
    }

    @Test
    void shouldRefuseMoreThanMayWait() throws Exception {
        engine.stop();
        await().atMost(SOON).until(() -> !worker.isConnected());

        IntStream.range(0, 100).forEach(i -> worker.triggerVoid("x", i));

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("x", 1))
                .withMessageContaining("100 frames wait already")
                .satisfies(e -> assertThat(e.code()).isEqualTo(InvocationException.NOT_SENT));
        engine.start();
        awaitConnection(2);
        await().atMost(SOON).untilAsserted(() -> assertThat(engine.last().all(Frame.InvokeFunction.class)).hasSize(101));
    }

    @Test
    void shouldDeliverTheResultOverTheNextConnection() throws Exception {
        BlockingQueue<Integer> goOn = new LinkedBlockingQueue<>();
        worker.function("slow", json -> {
            goOn.take();
            return json;
        });
        engine.last().await(Frame.RegisterFunction.class, f -> true);
        engine.last().send(new Frame.InvokeFunction(
                "i-1", "slow", RawJson.of("5"), null, null, Action.SYNC, null, null));
        engine.stop();
        await().atMost(SOON).until(() -> !worker.isConnected());
        goOn.add(1);
        engine.start();
        awaitConnection(2);

        assertThat(engine.last().await(Frame.InvocationResult.class, r -> r.invocationId().equals("i-1")).result())
                .hasToString("5");
    }

    @Test
    void shouldSurviveManyCutsAtAnyMoment() {
        IntStream.range(0, 200).forEach(i -> worker.function("f" + i, json -> json));

        for (int cut = 1; cut <= 25; cut++) {
            engine.last().cut();
            awaitConnection(cut + 1);
            if (cut % 3 == 0) {
                worker.triggerVoid("f1", Map.of());
            }
        }

        await().atMost(SOON)
                .ignoreExceptionsInstanceOf(InvocationException.class)
                .untilAsserted(() -> assertThat(worker.call("f199").data(1).timeout(Duration.ofSeconds(2)).trigger())
                        .hasToString("1"));
        assertThat(engine.last().all(Frame.RegisterFunction.class)).hasSize(200);
        assertThat(engine.connections).allSatisfy(connection -> assertThat(connection.faults).isEmpty());
    }

    @Test
    void shouldKeepTryingWhileRefused() throws Exception {
        engine.refuseWith = 503;
        engine.last().cut();
        await().atMost(SOON).until(() -> !worker.isConnected());
        assertThat(worker.isConnected()).isFalse();

        engine.refuseWith = 0;

        worker.awaitConnected(SOON);
    }

    @Test
    void shouldGoRoundItsAddresses() throws Exception {
        int deadPort;
        try (ServerSocket free = new ServerSocket(0)) {
            deadPort = free.getLocalPort();
        }
        URI dead = URI.create("ws://127.0.0.1:" + deadPort);

        try (Worker other = Iii.connect(List.of(dead, engine.address()), options().build())) {
            other.awaitConnected(SOON);
        }
    }

    @Test
    void shouldDropAConnectionOnWhichNothingIsHeard() throws Exception {
        WorkerOptions watchful = options()
                .pingInterval(Duration.ofMillis(500))
                .idleTimeout(Duration.ofSeconds(5))
                .build();
        try (Worker other = Iii.connect(engine.address(), watchful)) {
            other.awaitConnected(SOON);
            String first = other.id();
            assertThat(first).isNotNull();
            await().during(Duration.ofSeconds(6)).atMost(Duration.ofSeconds(20)).until(() -> first.equals(other.id()));

            FakeEngine.Connected deaf = engine.last();
            deaf.deafen();

            await().atMost(Duration.ofSeconds(20)).until(() -> !first.equals(other.id()));
            assertThat(events.disconnected).anyMatch(reason -> reason.startsWith("nothing heard for"));
            deaf.cut();
        }
    }

    @Test
    void shouldReportRejectionsAndStopWhenItIsNotWanted() throws Exception {
        worker.function("a", json -> json);
        engine.last().send(new Frame.TriggerRegistrationResult(
                "t1", "cron", "a", new ErrorBody("trigger_registration_failed", "bad expression")));
        engine.last().send(new Frame.RegistrationRejected("FUNCTION_NAMESPACE_CONFLICT", "default", "a", null, "w-2"));

        List<Rejection> both = new ArrayList<>(); // told on threads of their own
        both.add(events.rejected.poll(5, TimeUnit.SECONDS));
        both.add(events.rejected.poll(5, TimeUnit.SECONDS));
        assertThat(both)
                .contains(new Rejection(
                        Kind.TRIGGER, "t1", new ErrorBody("trigger_registration_failed", "bad expression")))
                .anySatisfy(function -> {
                    assertThat(function.kind()).isEqualTo(Kind.FUNCTION);
                    assertThat(function.error().message())
                            .isEqualTo("function a in namespace default is owned by w-2");
                });
        assertThat(worker.isConnected()).isTrue();

        engine.last().send(new Frame.RegistrationRejected("WORKER_NAMESPACE_CONFLICT", "default", null, "calc", "w-2"));

        worker.awaitClose();
        assertThat(events.rejected.poll(5, TimeUnit.SECONDS).kind()).isEqualTo(Kind.WORKER);
        assertThat(engine.connections).hasSize(1);
    }

    @Test
    void shouldConnectWhenTheEngineStartsLater() throws Exception {
        engine.stop();
        try (Worker early = Iii.connect(engine.address(), options().build())) {
            early.function("early", json -> json);
            CompletableFuture<Integer> call = early.triggerAsync("early", 3, Integer.class);
            engine.start();

            assertThat(call).succeedsWithin(SOON).isEqualTo(3);
        }
    }

    @Test
    void shouldWaitLongerAfterEachFailure() {
        Reconnect policy = Reconnect.DEFAULT;

        assertThat(policy.delay(0, 0.5)).isEqualTo(Duration.ofMillis(75));
        assertThat(policy.delay(1, 0.5)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delay(4, 0.5)).isEqualTo(Duration.ofSeconds(8));
        assertThat(policy.delay(1_000, 0.5)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.delay(0, 0)).isBetween(Duration.ofMillis(52), Duration.ofMillis(53));
        assertThat(policy.delay(1_000, 0.999)).isBetween(Duration.ofSeconds(38), Duration.ofSeconds(39));
    }

    private static final class Events implements WorkerListener {

        final BlockingQueue<String> connected = new LinkedBlockingQueue<>();
        final BlockingQueue<String> disconnected = new LinkedBlockingQueue<>();
        final BlockingQueue<Rejection> rejected = new LinkedBlockingQueue<>();

        @Override
        public void connected(String workerId) {
            connected.add(workerId);
        }

        @Override
        public void disconnected(String reason) {
            disconnected.add(reason);
        }

        @Override
        public void rejected(Rejection rejection) {
            rejected.add(rejection);
        }
    }
}
