package io.iiikafka.bench.engine;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.LoadServer;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Jobs and events by two connections of the Java SDK in one JVM: one serves, the other enqueues and publishes. Argument: the
 * engine's address.
 */
public final class JobsMain {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String JOBS = "bench-jobs";
    private static final String KEPT = "bench-kept";
    private static final String SHARED_JOBS = "bench-shared-jobs";
    private static final String SHARED_KEPT = "bench-shared-kept";
    private static final String TOPIC = "bench.events";
    private static final int SUBSCRIBERS = 10;

    /** An event that is on its way to so many more subscribers. */
    private record Awaited(AtomicInteger left, CompletableFuture<@Nullable Void> all) {}

    private final Worker worker;
    private final Worker caller;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, CompletableFuture<@Nullable Void>> jobs = new ConcurrentHashMap<>();
    private final Map<Long, Awaited> events = new ConcurrentHashMap<>();

    private JobsMain(Worker worker, Worker caller) {
        this.worker = worker;
        this.caller = caller;
    }

    public static void main(String[] arguments) {
        try {
            serve(URI.create(arguments[0]));
            System.exit(0);
        } catch (Exception e) {
            System.err.println(e);
            System.exit(1); // the workers' threads would go on
        }
    }

    private static void serve(URI engine) throws Exception {
        Worker worker = Iii.connect(engine, WorkerOptions.builder().name("bench-jobs-worker").build());
        Worker caller = Iii.connect(engine, WorkerOptions.builder().name("bench-jobs-caller").build());
        JobsMain main = new JobsMain(worker, caller);
        main.register();
        LoadServer.serve(Map.of(
                "enqueue", load -> main.enqueue(KEPT, load),
                "jobs", load -> main.jobs(JOBS, load),
                "enqueue-shared", load -> main.enqueue(SHARED_KEPT, load),
                "jobs-shared", load -> main.jobs(SHARED_JOBS, load),
                "publish", main::publish));
    }

    private void register() throws InterruptedException, TimeoutException {
        worker.function("bench::job", job -> {
            CompletableFuture<@Nullable Void> done = jobs.remove(number(job));
            if (done != null) {
                done.complete(null);
            }
            return null;
        });
        IntStream.range(0, SUBSCRIBERS).forEach(i -> {
            worker.function("bench::hear_" + i, this::heard);
            worker.bind(Trigger.pubsub(TOPIC).to("bench::hear_" + i));
        });
        worker.awaitConnected(PATIENCE);
        caller.awaitConnected(PATIENCE);
        define(JOBS, false);
        define(KEPT, false);
        define(SHARED_JOBS, true);
        define(SHARED_KEPT, true);
        caller.call("iii::queue::pause").data(RawJson.of("{\"queue\":\"" + SHARED_KEPT + "\"}")).trigger();
    }

    private void define(String queue, boolean shared) {
        String config = "{\"concurrency\":1000,\"share_group\":" + shared + "}";
        caller.call("queue::define")
                .data(RawJson.of("{\"queue\":\"" + queue + "\",\"config\":" + config + "}"))
                .trigger();
    }

    private @Nullable RawJson heard(RawJson event) {
        long number = number(event);
        Awaited awaited = events.get(number);
        if (awaited != null && awaited.left().decrementAndGet() == 0) {
            events.remove(number);
            awaited.all().complete(null);
        }
        return null;
    }

    /** Jobs that are kept: nobody serves their function, or their queue is paused. They are forgotten afterwards. */
    private Measurement enqueue(String queue, Load load) throws InterruptedException {
        Measurement measured = ClosedLoop.run(() -> caller.enqueueAsync(queue, "bench::nobody", payload(0)), load);
        caller.call("iii::queue::purge")
                .data(RawJson.of("{\"queue\":\"" + queue + "\"}"))
                .timeout(Duration.ofMinutes(2))
                .trigger();
        return measured;
    }

    /** From asking for a job to be kept to its handler. */
    private Measurement jobs(String queue, Load load) throws InterruptedException {
        return ClosedLoop.run(
                () -> {
                    long number = numbers.incrementAndGet();
                    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
                    jobs.put(number, done);
                    caller.enqueueAsync(queue, "bench::job", payload(number)).exceptionally(failure -> {
                        done.completeExceptionally(failure);
                        return "";
                    });
                    return done;
                },
                load);
    }

    /** From publishing an event until all have heard of it. */
    private Measurement publish(Load load) throws InterruptedException {
        return ClosedLoop.run(
                () -> {
                    long number = numbers.incrementAndGet();
                    Awaited awaited = new Awaited(new AtomicInteger(SUBSCRIBERS), new CompletableFuture<>());
                    events.put(number, awaited);
                    caller.triggerVoid(
                            "publish", RawJson.of("{\"topic\":\"" + TOPIC + "\",\"data\":" + payload(number) + "}"));
                    return awaited.all();
                },
                load);
    }

    /** A hundred bytes. */
    private static RawJson payload(long number) {
        return RawJson.of("{\"number\":%012d,\"note\":\"%s\"}".formatted(number + 100_000_000_000L, "x".repeat(68)));
    }

    private static long number(RawJson payload) {
        return Long.parseLong(payload.toString().substring(10, 22)) - 100_000_000_000L;
    }
}
