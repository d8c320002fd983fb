package io.iiikafka.bench.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/** A million keys of one scope: each of its functions, and what reading all of it in pages does to another scope. */
final class WideScope {

    private static final int KEYS = 1_000_000;
    private static final int PAGE = 100;
    private static final String SCOPE = "\"scope\":\"wide\"";
    private static final String OTHER = "\"scope\":\"beside-wide\"";

    private final Worker worker;
    private final Worker reader;

    WideScope(Worker worker, Worker reader) {
        this.worker = worker;
        this.reader = reader;
    }

    Measurement fill(Load load) throws InterruptedException {
        return Filling.run(worker, "wide", 1, KEYS);
    }

    Measurement set(Load load) throws InterruptedException {
        return run(load, "state::set", () -> SCOPE + "," + key() + ",\"value\":" + Payload.TEXT);
    }

    Measurement get(Load load) throws InterruptedException {
        return run(load, "state::get", () -> SCOPE + "," + key());
    }

    /** Removes a key of its own each time, and sets it again. */
    Measurement delete(Load load) throws InterruptedException {
        return ClosedLoop.run(
                new AsyncCall() {
                    @Override
                    public CompletableFuture<?> ask() {
                        String key = key();
                        return call("state::delete", () -> SCOPE + "," + key).ask().thenCompose(gone -> set(key).ask());
                    }

                    @Override
                    public void askAndWait(Duration patience) {
                        String key = key();
                        call("state::delete", () -> SCOPE + "," + key).askAndWait(patience);
                        set(key).askAndWait(patience);
                    }
                },
                load);
    }

    /** A hundred entries from a random place on. */
    Measurement page(Load load) throws InterruptedException {
        return run(load, "state::list", () -> SCOPE + ",\"include_keys\":true,\"limit\":" + PAGE + ",\"after\":" + any());
    }

    Measurement keys(Load load) throws InterruptedException {
        return run(load, "state::list_keys", () -> SCOPE + ",\"limit\":" + PAGE + ",\"after\":" + any());
    }

    /** Values of another scope. */
    Measurement other(Load load) throws InterruptedException {
        return run(load, "state::get", () -> OTHER + "," + key());
    }

    /** The same while another connection reads the million, a thousand at a time. */
    Measurement otherBeside(Load load) throws InterruptedException {
        AtomicBoolean over = new AtomicBoolean();
        Thread pages = Thread.ofPlatform().start(() -> {
            String cursor = "";
            while (!over.get()) {
                String next = reader.triggerAsync(
                                "state::list_entries",
                                RawJson.of("{" + SCOPE + ",\"limit\":1000" + cursor + "}"),
                                Page.class)
                        .join()
                        .next();
                cursor = next == null ? "" : ",\"cursor\":\"" + next + "\"";
            }
        });
        try {
            return other(load);
        } finally {
            over.set(true);
            pages.join();
        }
    }

    /** What of a page says how to go on. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Page(@Nullable @JsonProperty("next_cursor") String next) {}

    private Measurement run(Load load, String function, Supplier<String> members) throws InterruptedException {
        return ClosedLoop.run(call(function, members), load);
    }

    private SdkCall call(String function, Supplier<String> members) {
        return new SdkCall(worker, function, () -> RawJson.of("{" + members.get() + "}"));
    }

    private SdkCall set(String key) {
        return call("state::set", () -> SCOPE + "," + key + ",\"value\":" + Payload.TEXT);
    }

    private static String key() {
        return "\"key\":" + any();
    }

    private static String any() {
        return "\"key-" + ThreadLocalRandom.current().nextInt(KEYS) + "\"";
    }
}
