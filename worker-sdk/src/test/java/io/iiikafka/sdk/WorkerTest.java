package io.iiikafka.sdk;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.Frame;
import io.iiikafka.sdk.protocol.RawJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class WorkerTest {

    record Add(int a, int b) {}

    record Sum(int sum) {}

    private FakeEngine engine;
    private Worker worker;

    @BeforeEach
    void connect() throws Exception {
        engine = new FakeEngine();
        worker = Iii.connect(engine.address(), options().build());
        worker.awaitConnected(Duration.ofSeconds(5));
    }

    @AfterEach
    void close() throws Exception {
        worker.close();
        engine.close();
    }

    private static WorkerOptionsBuilder options() {
        return WorkerOptions.builder().name("calc").keepAlive(false).closeTimeout(Duration.ofSeconds(20));
    }

    @Test
    void shouldServeAndCallTypedFunctions() {
        worker.function("math::add", Add.class, Sum.class, add -> new Sum(add.a() + add.b()));

        assertThat(worker.trigger("math::add", new Add(2, 3), Sum.class)).isEqualTo(new Sum(5));
        assertThat(worker.trigger("math::add", Map.of("a", 1, "b", 2, "other", true))).hasToString("{\"sum\":3}");
        assertThat(worker.triggerAsync("math::add", new Add(4, 5), Sum.class)).succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new Sum(9));
    }

    @Test
    void shouldServeOneCallAfterAnotherWhereThatIsAskedFor() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        worker.function("events", FunctionOptions.NONE.oneAfterAnother(), Integer.class, Void.class, (n, call) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            Thread.yield();
            seen.add(n);
            running.decrementAndGet();
            return null;
        });

        List<CompletableFuture<Void>> calls = IntStream.range(0, 500)
                .mapToObj(n -> worker.triggerAsync("events", n, Void.class))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(seen).isEqualTo(IntStream.range(0, 500).boxed().toList());
        assertThat(most).hasValue(1);
    }

    @Test
    void shouldServeRawJsonUntouched() {
        worker.function("raw::echo", json -> json);
        RawJson odd = RawJson.of("[1e400, 12345678901234567890 ,\"\\u00e9é\"]");

        assertThat(worker.trigger("raw::echo", odd)).isEqualTo(odd);
        assertThat(worker.trigger("raw::echo", null)).isEqualTo(RawJson.NULL);
    }

    @Test
    void shouldServeLargePayloads() {
        worker.function("raw::echo", json -> json);
        RawJson large = RawJson.ofValue("é😀x".repeat(1_000_000));

        assertThat(worker.trigger("raw::echo", large)).isEqualTo(large);
    }

    @Test
    void shouldTellTheHandlerAboutTheCall() {
        AtomicReference<Invocation> seen = new AtomicReference<>();
        worker.function("who", Map.class, Void.class, (input, call) -> {
            seen.set(call);
            return null;
        });

        RawJson result = worker.call("who").data(Map.of("x", 1)).metadata(Map.of("tenant", "t1")).trigger();

        assertThat(result).isEqualTo(RawJson.NULL);
        assertThat(seen.get().functionId()).isEqualTo("who");
        assertThat(seen.get().metadata()).hasToString("{\"tenant\":\"t1\"}");
        assertThat(seen.get().callerWorkerId()).isEqualTo(worker.id());
    }

    @Test
    void shouldGiveTheCallerTheCodeThatTheHandlerThrew() {
        worker.function("fails", json -> {
            throw new InvocationException("out_of_stock", "none left");
        });

        InvocationException e =
                catchThrowableOfType(InvocationException.class, () -> worker.trigger("fails", null));

        assertThat(e.code()).isEqualTo("out_of_stock");
        assertThat(e).hasMessage("none left");
        assertThat(e.functionId()).isEqualTo("fails");
        assertThat(e.remoteStacktrace()).isNull();
    }

    @Test
    void shouldReportAnyOtherExceptionAsInvocationFailed() {
        worker.function("fails", json -> {
            throw new IllegalStateException("broken");
        });

        InvocationException e =
                catchThrowableOfType(InvocationException.class, () -> worker.trigger("fails", null));

        assertThat(e.code()).isEqualTo("invocation_failed");
        assertThat(e).hasMessage("broken");
        assertThat(e.remoteStacktrace()).contains("IllegalStateException: broken").contains("WorkerTest");
    }

    @Test
    void shouldAnswerWhenAClassIsMissing() {
        worker.function("fails", json -> {
            throw new NoClassDefFoundError("some/Library");
        });
        worker.function("odd", RawJson.class, Object.class, json -> new Object() {
            @SuppressWarnings("unused")
            public String getName() {
                throw new NoClassDefFoundError("some/Library");
            }
        });

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("fails", null))
                .satisfies(e -> assertThat(e.code()).isEqualTo("invocation_failed"));
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("odd", null))
                .withMessageContaining("Failed to serialize result for odd")
                .satisfies(e -> assertThat(e.code()).isEqualTo("serialization_error"));
    }

    @Test
    void shouldNameTheFunctionWhenPayloadOrResultDoesNotFit() {
        worker.function("math::add", Add.class, Sum.class, add -> new Sum(0));
        worker.function("odd", RawJson.class, Object.class, json -> new Object());

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("math::add", Map.of("a", "many")))
                .withMessageContaining("Failed to deserialize input for math::add")
                .satisfies(e -> assertThat(e.code()).isEqualTo("deserialization_error"));
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("odd", null))
                .satisfies(e -> assertThat(e.code()).isEqualTo("serialization_error"));
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("math::add", new Add(1, 2), String.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("deserialization_error"));
    }

    @Test
    void shouldPassOnTheErrorOfANestedCall() {
        worker.function("inner", json -> {
            throw new InvocationException("deep", "down");
        });
        worker.function("outer", json -> worker.trigger("inner", json));

        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("outer", null))
                .satisfies(e -> assertThat(e.code()).isEqualTo("deep"));
    }

    @Test
    void shouldTimeOutWhenNobodyAnswers() {
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger(FakeEngine.BLACK_HOLE, null, Sum.class, Duration.ofMillis(50)))
                .withMessage("invocation timed out after 50ms")
                .satisfies(e -> assertThat(e.code()).isEqualTo(InvocationException.TIMEOUT));
        assertThat(worker.call(FakeEngine.BLACK_HOLE).timeout(Duration.ofMillis(50)).triggerAsync(Sum.class))
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOfSatisfying(
                        InvocationException.class, e -> assertThat(e.code()).isEqualTo(InvocationException.TIMEOUT));
    }

    @Test
    void shouldSayWhatIsMissingWhenAFunctionIsNot() {
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("nobody::home", null))
                .satisfies(e -> assertThat(e.code()).isEqualTo("function_not_found"));
        engine.last().send(new Frame.InvokeFunction("i-9", "not::here", null, null, null, Action.SYNC, null, null));
        assertThat(engine.last().await(Frame.InvocationResult.class, r -> r.invocationId().equals("i-9")).error().code())
                .isEqualTo("function_not_found");
    }

    @Test
    void shouldCallVoidAndEnqueue() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        worker.function("note", json -> {
            called.countDown();
            return null;
        });

        worker.triggerVoid("note", Map.of());
        String receipt = worker.enqueue("payments", "note", Map.of("x", 1));

        assertThat(called.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(receipt).isEqualTo("receipt-1");
        assertThat(worker.enqueueAsync("payments", "note", Map.of("x", 2)).get(5, TimeUnit.SECONDS))
                .startsWith("receipt-");
        Frame.InvokeFunction enqueued = engine.last().await(
                Frame.InvokeFunction.class, call -> call.action().equals(new Action.Enqueue("payments")));
        assertThat(enqueued.data()).hasToString("{\"x\":1}");
    }

    @Test
    void shouldRunHandlersConcurrently() {
        CountDownLatch all = new CountDownLatch(100);
        worker.function("together", json -> {
            all.countDown();
            assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
            return json;
        });

        List<CompletableFuture<Integer>> calls = IntStream.range(0, 100)
                .mapToObj(i -> worker.triggerAsync("together", i, Integer.class))
                .toList();

        assertThat(calls.stream().map(CompletableFuture::join)).containsExactlyElementsOf(
                IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void shouldKeepTheOrderOfOneThreadsFrames() {
        IntStream.range(0, 2_000).forEach(i -> worker.triggerVoid("nobody", i));
        worker.function("after", json -> json);

        engine.last().await(Frame.RegisterFunction.class, f -> f.id().equals("after"));
        List<Frame> frames = engine.last().frames;
        assertThat(frames.getLast()).isInstanceOf(Frame.RegisterFunction.class);
        assertThat(engine.last().all(Frame.InvokeFunction.class).stream()
                        .filter(call -> call.functionId().equals("nobody"))
                        .map(call -> Integer.parseInt(String.valueOf(call.data()))))
                .containsExactlyElementsOf(IntStream.range(0, 2_000).boxed().toList());
    }

    @Test
    void shouldAnnounceItselfFirst() {
        worker.triggerVoid("second", null);
        engine.last().await(Frame.InvokeFunction.class, call -> call.functionId().equals("second"));
        Frame first = engine.last().frames.getFirst();

        assertThat(first).isInstanceOfSatisfying(Frame.InvokeFunction.class, call -> {
            assertThat(call.functionId()).isEqualTo("engine::workers::register");
            assertThat(call.invocationId()).isNull();
            assertThat(call.action()).isEqualTo(Action.VOID);
            assertThat(call.data().toTree().path("name").asText()).isEqualTo("calc");
            assertThat(call.data().toTree().path("runtime").asText()).isEqualTo("java");
            assertThat(call.data().toTree().at("/telemetry/language").asText()).isEqualTo("java");
            assertThat(call.data().toTree().path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
        });
    }

    @Test
    void shouldRefuseAnIdThatIsTakenOrBlank() {
        Registration first = worker.function("one", json -> json);

        assertThatThrownBy(() -> worker.function("one", json -> json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("function one is registered already");
        assertThatThrownBy(() -> worker.function(" ", json -> json)).isInstanceOf(IllegalArgumentException.class);
        first.unregister();
        first.unregister();
        worker.function("one", json -> json);
        assertThat(worker.trigger("one", 1)).hasToString("1");
        assertThat(engine.last().all(Frame.UnregisterFunction.class)).hasSize(1);
    }

    @Test
    void shouldBindTriggers() {
        Registration http = worker.bind(Trigger.http("GET", "/users/:id").when("users::allowed").to("users::get")
                .withMetadata(Map.of("team", "a")));
        worker.bind(Trigger.cron("0 0 2 * * *").to("nightly").withId("my-id"));
        worker.bind(Trigger.queue("orders").to("orders::work"));
        worker.bind(Trigger.pubsub("news").to("news::read"));
        worker.bind(Trigger.state("users", "u1").to("users::changed"));
        worker.bind(Trigger.stream("todos").with("group_id", "inbox").to("todos::changed"));
        http.unregister();

        engine.last().await(Frame.UnregisterTrigger.class, t -> t.id().equals(http.id()) && "http".equals(t.triggerType()));
        List<Frame.RegisterTrigger> bound = engine.last().all(Frame.RegisterTrigger.class);
        assertThat(bound).extracting(Frame.RegisterTrigger::triggerType)
                .containsExactly("http", "cron", "durable:subscriber", "subscribe", "state", "stream");
        assertThat(bound.get(0).config().toTree()).isEqualTo(tree(
                "http_method", "GET", "api_path", "/users/:id", "condition_function_id", "users::allowed"));
        assertThat(bound.get(0).metadata()).hasToString("{\"team\":\"a\"}");
        assertThat(bound.get(1).id()).isEqualTo("my-id");
        assertThat(bound.get(4).config().toTree()).isEqualTo(tree("scope", "users", "key", "u1"));
    }

    @Test
    void shouldProvideATriggerType() {
        AtomicReference<TriggerBinding> bound = new AtomicReference<>();
        AtomicReference<TriggerBinding> gone = new AtomicReference<>();
        worker.triggerType("webhook", "calls of the outside", new TriggerTypeHandler() {
            @Override
            public void register(TriggerBinding binding) {
                if (binding.config().isEmptyObject()) {
                    throw new IllegalArgumentException("url is missing");
                }
                bound.set(binding);
            }

            @Override
            public void unregister(TriggerBinding binding) {
                gone.set(binding);
            }
        });
        engine.last().await(Frame.RegisterTriggerType.class, type -> type.id().equals("webhook"));
        Frame.RegisterTrigger good = new Frame.RegisterTrigger(
                "t1", "webhook", "hooked", RawJson.of("{\"url\":\"/x\"}"), RawJson.of("1"), "blue", null);

        engine.last().send(good);
        engine.last().send(new Frame.RegisterTrigger("t2", "webhook", "hooked", RawJson.EMPTY_OBJECT, null, null, null));
        engine.last().send(new Frame.RegisterTrigger("t3", "other", "hooked", RawJson.EMPTY_OBJECT, null, null, null));
        engine.last().send(new Frame.UnregisterTrigger("t1", "webhook", null, null, null, null));

        assertThat(result("t1").error()).isNull();
        assertThat(result("t2").error()).isEqualTo(new ErrorBody("trigger_registration_failed", "url is missing"));
        assertThat(result("t3").error().code()).isEqualTo("trigger_type_not_found");
        await().untilAtomic(gone, Matchers.notNullValue());
        assertThat(gone.get()).isEqualTo(bound.get());

        worker.call(bound.get()).data(Map.of()).triggerVoid();
        Frame.InvokeFunction fired = engine.last().await(
                Frame.InvokeFunction.class, call -> call.functionId().equals("hooked"));
        assertThat(fired.namespace()).isEqualTo("blue");
        assertThat(fired.metadata()).hasToString("1");
    }

    private static JsonNode tree(String... keysAndValues) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            tree.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return tree;
    }

    private Frame.TriggerRegistrationResult result(String id) {
        return engine.last().await(Frame.TriggerRegistrationResult.class, r -> r.id().equals(id));
    }

    @Test
    void shouldIgnoreWhatItDoesNotUnderstand() {
        engine.last().sendText("{\"type\":\"brand-new\"}");
        engine.last().sendText("not json");
        engine.last().sendText("{\"type\":\"ping\"}");

        engine.last().await(Frame.Pong.class, pong -> true);
    }

    @Test
    void shouldLetHandlersEndWhenClosed() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        worker.function("slow", json -> {
            running.countDown();
            goOn.await();
            return RawJson.of("\"done\"");
        });
        engine.last().send(new Frame.InvokeFunction("i-1", "slow", null, null, null, Action.SYNC, null, null));
        running.await();

        Thread closer = Thread.startVirtualThread(worker::close);
        engine.last().await(Frame.UnregisterFunction.class, f -> f.id().equals("slow"));
        goOn.countDown();
        closer.join();

        assertThat(engine.last().all(Frame.InvocationResult.class).getLast().result()).hasToString("\"done\"");
        await().untilAsserted(() -> assertThat(engine.last().closeCode).isEqualTo((short) 1000));
        worker.awaitClose();
        worker.close();
        assertThatExceptionOfType(InvocationException.class)
                .isThrownBy(() -> worker.trigger("x", null))
                .satisfies(e -> assertThat(e.code()).isEqualTo(InvocationException.SHUTDOWN));
        assertThatThrownBy(() -> worker.function("late", json -> json)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldFailWaitingCallsWhenClosed() {
        CompletableFuture<Sum> waiting = worker.triggerAsync(FakeEngine.BLACK_HOLE, null, Sum.class);

        worker.close();

        assertThat(waiting).failsWithin(Duration.ofSeconds(5)).withThrowableThat().havingRootCause()
                .isInstanceOfSatisfying(
                        InvocationException.class, e -> assertThat(e.code()).isEqualTo(InvocationException.SHUTDOWN));
    }

    @Test
    void shouldCloseFromAHandler() {
        worker.function("stop", json -> {
            worker.close();
            return json;
        });
        worker.triggerVoid("stop", null);

        await().atMost(Duration.ofSeconds(10)).until(() -> !worker.isConnected());
    }

    @Test
    void shouldRefuseAddressesThatAreNot() {
        assertThatThrownBy(() -> Iii.connect(URI.create("http://localhost:1")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a WebSocket address: http://localhost:1");
        assertThatThrownBy(() -> Iii.connect(List.of(), options().build())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldSayGoodbyeButNotWaitForHandlersWhenItIsClosedByAnInterruptedThread() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        worker.function("slow", json -> {
            running.countDown();
            goOn.await();
            return json;
        });
        engine.last().send(new Frame.InvokeFunction("i-1", "slow", null, null, null, Action.SYNC, null, null));
        running.await();
        CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
        long started = System.nanoTime();

        Thread.ofPlatform().start(() -> {
            Thread.currentThread().interrupt();
            worker.close();
            stillInterrupted.complete(Thread.currentThread().isInterrupted());
        });

        assertThat(stillInterrupted).succeedsWithin(Duration.ofSeconds(15)).isEqualTo(true);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
        await().untilAsserted(() -> assertThat(engine.last().closeCode).isEqualTo((short) 1000));
        goOn.countDown();
    }
}
