package io.iiikafka.sdk.state;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.protocol.JsonBuilder;

/**
 * Checks, writes and reads of several keys of one scope, all or nothing and as one (spec: state.md 12.3):
 * {@code new Transaction().ifVersion("o-1", 3).set("o-1", order).delete("draft")}. At most 256 checks and reads, 128
 * writes and 4 MiB. For one thread; may be tried again.
 */
public final class Transaction {

    private final List<Function<Worker, JsonBuilder>> checks = new ArrayList<>();
    private final List<Function<Worker, JsonBuilder>> writes = new ArrayList<>();
    private final List<String> reads = new ArrayList<>();
    private boolean allOrNothing;

    /** Only if the key is at this version; 0: only if it is not there. */
    public Transaction ifVersion(String key, long version) {
        checks.add(worker -> named(key).member("version", version));
        return this;
    }

    public Transaction ifExists(String key) {
        checks.add(worker -> named(key).member("exists", true));
        return this;
    }

    public Transaction ifAbsent(String key) {
        checks.add(worker -> named(key).member("exists", false));
        return this;
    }

    /** Only if the value is equal as JSON; members may stand in any order. */
    public Transaction ifEquals(String key, @Nullable Object value) {
        checks.add(worker -> named(key).member("equals", worker.write(value)));
        return this;
    }

    public Transaction set(String key, @Nullable Object value) {
        writes.add(worker -> named(key).member("op", "set").member("value", worker.write(value)));
        return this;
    }

    public Transaction update(String key, Update update) {
        writes.add(worker -> update.addTo(named(key).member("op", "update"), worker));
        return this;
    }

    public Transaction delete(String key) {
        writes.add(worker -> named(key).member("op", "delete"));
        return this;
    }

    /** Reads a key as the writes have left it. */
    public Transaction read(String key) {
        reads.add(key);
        return this;
    }

    /** Nothing is written when an operation of an update does not fit. */
    public Transaction allOrNothing() {
        allOrNothing = true;
        return this;
    }

    JsonBuilder addTo(JsonBuilder request, Worker worker) {
        JsonBuilder keys = JsonBuilder.array();
        reads.forEach(keys::element);
        addAll(request, "checks", checks, worker);
        addAll(request, "writes", writes, worker);
        request.member("reads", keys.build());
        return allOrNothing ? request.member("all_or_nothing", true) : request;
    }

    private static void addAll(
            JsonBuilder request, String name, List<Function<Worker, JsonBuilder>> parts, Worker worker) {
        JsonBuilder all = JsonBuilder.array();
        parts.forEach(part -> all.element(part.apply(worker).build()));
        request.member(name, all.build());
    }

    private static JsonBuilder named(String key) {
        return JsonBuilder.object().member("key", key);
    }
}
