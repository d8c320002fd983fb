package io.iiikafka.gateway.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.testing.TestEngine.TestGateway;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.TriggerBinding;
import io.iiikafka.sdk.TriggerTypeHandler;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerListener;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The Java SDK against the engine: what its own tests show against a stand-in. */
@Timeout(60)
class JavaSdkTest {

    record Add(int a, int b) {}

    record Sum(int sum) {}

    private static TestEngine engine;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static Worker connect(String name) throws Exception {
        return connect(name, List.of(URI.create(engine.gateway().url())), new WorkerListener() {});
    }

    private static Worker connect(String name, List<URI> addresses, WorkerListener listener) throws Exception {
        WorkerOptions options = WorkerOptions.builder()
                .name(name + "-" + UUID.randomUUID())
                .keepAlive(false)
                .callTimeout(Duration.ofSeconds(10))
                .listener(listener)
                .build();
        Worker worker = Iii.connect(addresses, options);
        worker.awaitConnected(Duration.ofSeconds(10));
        return worker;
    }

    private static String unique(String id) {
        return id + "-" + UUID.randomUUID();
    }

    @Test
    void shouldCallAFunctionOfAnotherWorkerAsSoonAsItIsRegistered() throws Exception {
        String id = unique("math::add");
        try (Worker callee = connect("callee");
                Worker caller = connect("caller")) {
            callee.function(id, Add.class, Sum.class, add -> new Sum(add.a() + add.b()));
            assertThat(callee.trigger(id, new Add(1, 1), Sum.class)).isEqualTo(new Sum(2));

            assertThat(caller.trigger(id, new Add(2, 3), Sum.class)).isEqualTo(new Sum(5));
            List<CompletableFuture<Sum>> many = IntStream.range(0, 500)
                    .mapToObj(i -> caller.triggerAsync(id, new Add(i, 1), Sum.class))
                    .toList();
            assertThat(many.stream().map(CompletableFuture::join).map(Sum::sum))
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, 500).boxed().toList());
        }
    }

    @Test
    void shouldCarryMetadataCallerAndOddJson() throws Exception {
        String id = unique("echo");
        RawJson odd = RawJson.of("{\"z\":1e400,\"a\":[12345678901234567890],\"é\":\"\\u00e9\"}");
        try (Worker callee = connect("callee");
                Worker caller = connect("caller")) {
            callee.function(id, RawJson.class, Map.class, (json, call) -> Map.of(
                    "data", json.toString(),
                    "metadata", String.valueOf(call.metadata()),
                    "caller", String.valueOf(call.callerWorkerId())));

            RawJson seen = caller.call(id).data(odd).metadata(Map.of("tenant", "t1")).trigger();

            assertThat(seen.toTree().path("data").asText())
                    .isEqualTo("{\"z\":1e400,\"a\":[12345678901234567890],\"é\":\"\\u00e9\",\"_caller_worker_id\":\""
                            + caller.id() + "\"}");
            assertThat(seen.toTree().path("metadata").asText()).isEqualTo("{\"tenant\":\"t1\"}");
            assertThat(seen.toTree().path("caller").asText()).isEqualTo(caller.id());
        }
    }

    @Test
    void shouldCarryErrorsAndTellOfMissingFunctions() throws Exception {
        String id = unique("fails");
        try (Worker worker = connect("worker")) {
            worker.function(id, json -> {
                throw new InvocationException("out_of_stock", "none left");
            });

            assertThatExceptionOfType(InvocationException.class)
                    .isThrownBy(() -> worker.trigger(id, null))
                    .withMessage("none left")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("out_of_stock"));
            assertThatExceptionOfType(InvocationException.class)
                    .isThrownBy(() -> worker.trigger("nobody::home", null))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("function_not_found"));
        }
    }

    @Test
    void shouldSayThatAResultOrAPayloadIsMoreThanTheEngineTakesAndGoOn() throws Exception {
        String id = unique("large");
        RawJson tooLarge = RawJson.ofValue("x".repeat(20 * 1024 * 1024));
        BlockingQueue<String> losses = new LinkedBlockingQueue<>();
        WorkerListener listener = new WorkerListener() {
            @Override
            public void disconnected(String reason) {
                losses.add(reason);
            }
        };
        try (Worker callee = connect("callee", List.of(URI.create(engine.gateway().url())), listener);
                Worker caller = connect("caller")) {
            callee.function(id, json -> json.isNull() ? tooLarge : json);

            assertThatExceptionOfType(InvocationException.class)
                    .isThrownBy(() -> caller.trigger(id, null))
                    .satisfies(e -> assertThat(e.code()).isIn("payload_too_large", "invocation_stopped"));
            assertThatExceptionOfType(InvocationException.class)
                    .isThrownBy(() -> caller.trigger(id, tooLarge))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("payload_too_large"));

            assertThat(caller.trigger(id, 1)).hasToString("1");
            assertThat(losses.poll(10, TimeUnit.SECONDS)).contains("1009");
            assertThat(losses.poll(1, TimeUnit.SECONDS)).as("no loop of cuts").isNull();
        }
    }

    @Test
    void shouldNotServeAFunctionThatWasTakenBack() throws Exception {
        String id = unique("brief");
        try (Worker worker = connect("worker")) {
            var registration = worker.function(id, json -> json);
            assertThat(worker.trigger(id, 1)).hasToString("1");

            registration.unregister();

            Awaitility.await().untilAsserted(() -> assertThatExceptionOfType(InvocationException.class)
                    .isThrownBy(() -> worker.trigger(id, 1))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("function_not_found")));
        }
    }

    @Test
    void shouldProvideATriggerTypeToAnotherWorker() throws Exception {
        String type = unique("webhook");
        String target = unique("hooked");
        BlockingQueue<TriggerBinding> bindings = new LinkedBlockingQueue<>();
        BlockingQueue<TriggerBinding> gone = new LinkedBlockingQueue<>();
        BlockingQueue<WorkerListener.Rejection> rejections = new LinkedBlockingQueue<>();
        WorkerListener listener = new WorkerListener() {
            @Override
            public void rejected(WorkerListener.Rejection rejection) {
                rejections.add(rejection);
            }
        };
        try (Worker provider = connect("provider");
                Worker user = connect("user", List.of(URI.create(engine.gateway().url())), listener)) {
            provider.triggerType(type, "calls from outside", new TriggerTypeHandler() {
                @Override
                public void register(TriggerBinding binding) {
                    if (binding.config().isEmptyObject()) {
                        throw new IllegalArgumentException("url is missing");
                    }
                    bindings.add(binding);
                }

                @Override
                public void unregister(TriggerBinding binding) {
                    gone.add(binding);
                }
            });
            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            user.function(target, RawJson.class, Void.class, (json, call) -> {
                received.add(json.toTree().path("n") + " " + call.metadata());
                return null;
            });
            user.bind(Trigger.on(type).to(target));
            var bound = user.bind(Trigger.on(type).with("url", "/x").to(target).withMetadata("m"));

            TriggerBinding binding = bindings.poll(10, TimeUnit.SECONDS);
            assertThat(binding).isNotNull();
            provider.call(binding).data(Map.of("n", 7)).triggerVoid();
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("7 \"m\"");
            assertThat(rejections.poll(10, TimeUnit.SECONDS))
                    .extracting(rejection -> rejection.error().message())
                    .isEqualTo("url is missing");
            bound.unregister();
            assertThat(gone.poll(10, TimeUnit.SECONDS)).isEqualTo(binding);
        }
    }

    @Test
    void shouldMoveToAnotherGatewayWhenItsOwnIsStopped() throws Exception {
        String id = unique("moves");
        TestGateway leaving = engine.addGateway();
        try (Worker callee = connect(
                        "callee",
                        List.of(URI.create(leaving.url()), URI.create(engine.gateway().url())),
                        new WorkerListener() {});
                Worker caller = connect("caller")) {
            callee.function(id, json -> json);
            assertThat(callee.trigger(id, 1)).hasToString("1");
            String before = callee.id();

            leaving.gateway().close();

            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreException(InvocationException.class)
                    .untilAsserted(() -> assertThat(caller.trigger(id, 2)).hasToString("2"));
            assertThat(callee.id()).isNotEqualTo(before);
        }
    }
}
