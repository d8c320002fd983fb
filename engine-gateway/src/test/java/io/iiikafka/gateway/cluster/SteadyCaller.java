package io.iiikafka.gateway.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import org.awaitility.Awaitility;

/** Calls with a payload of its own each, at a steady pace, until told to stop. */
final class SteadyCaller {

    static final Duration ANSWERED_WITHIN = Duration.ofSeconds(40);

    /** {@code ok}, an error code or {@code no answer} for every call, by payload. */
    record Outcomes(Map<String, String> byPayload) {

        Collection<String> kinds() {
            return byPayload.values();
        }

        long succeeded() {
            return byPayload.values().stream().filter("ok"::equals).count();
        }

        Map<String, String> failed() {
            Map<String, String> failed = new LinkedHashMap<>(byPayload);
            failed.values().removeIf("ok"::equals);
            return failed;
        }
    }

    private final RawWorker worker;
    private final String function;
    private final String prefix;
    private final Map<String, String> payloads = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    SteadyCaller(RawWorker worker, String function, int perSecond) {
        this(worker, function, perSecond, "");
    }

    /**
     * @param prefix of the payloads, to tell the calls of several callers apart
     */
    SteadyCaller(RawWorker worker, String function, int perSecond, String prefix) {
        this.worker = worker;
        this.function = function;
        this.prefix = prefix;
        this.thread = Thread.ofPlatform().start(() -> run(perSecond));
    }

    private void run(int perSecond) {
        for (int i = 0; !stopped.get(); i++) {
            String payload = prefix + i;
            payloads.put(worker.start(function, "\"" + payload + "\""), payload);
            LockSupport.parkNanos(1_000_000_000L / perSecond);
        }
    }

    int sent() {
        return payloads.size();
    }

    void awaitSent(int calls) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> sent() >= calls);
    }

    /** Calls no more, and waits for what is not answered yet. */
    Outcomes finish() throws InterruptedException {
        stopped.set(true);
        thread.join();
        Map<String, String> outcomes = new LinkedHashMap<>();
        long deadline = System.nanoTime() + ANSWERED_WITHIN.toNanos();
        payloads.forEach((id, payload) -> {
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            Optional<JsonNode> result = worker.pollResult(id, left);
            outcomes.put(payload, result.map(SteadyCaller::describe).orElse("no answer"));
        });
        return new Outcomes(outcomes);
    }

    /** {@code ok} or the error's code. */
    static String describe(JsonNode result) {
        return result.has("result") ? "ok" : result.path("error").path("code").asText();
    }

    /** What the caller was told in full, or nothing when the call succeeded. */
    static String error(JsonNode result) {
        return result.has("result") ? "" : result.toString();
    }
}
