package io.iiikafka.gateway.queue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;

/** A function that keeps what it is called with, and the calls of a test's worker. */
final class Jobs {

    /** What a delivery does; throws to fail. */
    @FunctionalInterface
    interface Handler {
        void handle(RawJson data, int number) throws Exception;
    }

    /** One delivery. */
    record Seen(String data, long beganNanos, AtomicInteger endedAfterMs) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger mostRunning = new AtomicInteger();

    static Worker connect(TestEngine engine, String name) {
        return connect(engine.gateway().url(), name);
    }

    static Worker connect(String url, String name) {
        WorkerOptions options = WorkerOptions.builder()
                .name(name + "-" + UUID.randomUUID())
                .keepAlive(false)
                .callTimeout(Duration.ofSeconds(15))
                .build();
        Worker worker = Iii.connect(URI.create(url), options);
        try {
            worker.awaitConnected(Duration.ofSeconds(10));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return worker;
    }

    /** Serves a function that succeeds. */
    static Jobs serve(Worker worker, String function) {
        return serve(worker, function, (data, number) -> {});
    }

    /** @param handler is told the how many-th delivery it is, from 1 on */
    static Jobs serve(Worker worker, String function, Handler handler) {
        Jobs jobs = new Jobs();
        worker.function(function, data -> {
            jobs.mostRunning.accumulateAndGet(jobs.running.incrementAndGet(), Math::max);
            AtomicInteger ended = new AtomicInteger(-1);
            long began = System.nanoTime();
            jobs.seen.add(new Seen(data.toString(), began, ended));
            try {
                handler.handle(data, jobs.seen.size());
                return null;
            } finally {
                jobs.running.decrementAndGet();
                ended.set((int) ((System.nanoTime() - began) / 1_000_000));
            }
        });
        return jobs;
    }

    static JsonNode call(Worker worker, String function, Object data) {
        return worker.trigger(function, data).toTree();
    }

    static void define(Worker worker, String queue, String config) {
        worker.trigger("queue::define", Map.of("queue", queue, "config", RawJson.of(config).toTree()));
    }

    static String unique(String name) {
        return name + "-" + UUID.randomUUID();
    }

    List<String> data() {
        return seen.stream().map(Seen::data).toList();
    }

    List<Seen> seen() {
        return seen;
    }

    int mostRunning() {
        return mostRunning.get();
    }

    /** Waits for so many deliveries. */
    Jobs await(int count) {
        return await(count, Duration.ofSeconds(30));
    }

    Jobs await(int count, Duration patience) {
        Awaitility.await().atMost(patience).pollInterval(Duration.ofMillis(5)).until(() -> seen.size() >= count);
        return this;
    }

    /** Whether no further delivery comes for a while. */
    boolean staysAt(int count, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Awaitility.await()
                .atMost(time.plusSeconds(5))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> seen.size() > count || System.nanoTime() > end);
        return seen.size() == count;
    }

    /** Milliseconds between the deliveries. */
    List<Long> gaps() {
        return IntStream.range(1, seen.size())
                .mapToObj(i -> (seen.get(i).beganNanos() - seen.get(i - 1).beganNanos()) / 1_000_000)
                .toList();
    }
}
