package io.iiikafka.sdk.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.JsonBuilder;

/**
 * Operations on one value, applied in order by the engine, as one (spec: state.md 4):
 * {@code new Update().set("status", "paid").increment("tries", 1)}. An operation that does not fit what is there is
 * left out and comes back as an {@link UpdateError}; the others are applied all the same.
 *
 * <p>A path is the name of one member of the value; dots mean nothing in it, and the empty path is the value itself. A
 * list of names walks into nested objects, which are made on the way. A value that is not there begins as {@code {}}.
 *
 * <p>For one thread; may be used for several writes.
 */
public final class Update {

    /** Each written when it is sent, with its value as that worker writes payloads. */
    private final List<Function<Worker, JsonBuilder>> operations = new ArrayList<>();
    private boolean onlyExisting;
    private boolean allOrNothing;

    public Update set(String path, @Nullable Object value) {
        return add(worker -> object("set").member("path", path).member("value", worker.write(value)));
    }

    /** Takes a member away. The empty path makes the value null, which is still there. */
    public Update remove(String path) {
        return add(worker -> object("remove").member("path", path));
    }

    /** Adds to a number; a member that is not there begins at 0. */
    public Update increment(String path, long by) {
        return add(worker -> object("increment").member("path", path).member("by", by));
    }

    public Update decrement(String path, long by) {
        return add(worker -> object("decrement").member("path", path).member("by", by));
    }

    /** Overwrites members of the value by those of an object, and keeps the others. */
    public Update merge(Object members) {
        return merge(List.of(), members);
    }

    public Update merge(List<String> path, Object members) {
        return add(worker -> walked("merge", path).member("value", worker.write(members)));
    }

    /** Adds an element to an array, or text to text; what is not there becomes text for text, else an array. */
    public Update append(String path, @Nullable Object value) {
        return add(worker -> object("append").member("path", path).member("value", worker.write(value)));
    }

    /** Below nested objects, what is not there always becomes an array. */
    public Update append(List<String> path, @Nullable Object value) {
        return add(worker -> walked("append", path).member("value", worker.write(value)));
    }

    /** The call fails with {@code NOT_FOUND} when there is no value, instead of making one (spec: state.md 12.2). */
    public Update onlyExisting() {
        onlyExisting = true;
        return this;
    }

    /** Nothing is changed when an operation does not fit (spec: state.md 12.2). */
    public Update allOrNothing() {
        allOrNothing = true;
        return this;
    }

    /** Adds {@code ops} and what goes with it to a request. */
    public JsonBuilder addTo(JsonBuilder request, Worker worker) {
        JsonBuilder ops = JsonBuilder.array();
        operations.forEach(operation -> ops.element(operation.apply(worker).build()));
        request.member("ops", ops.build());
        if (onlyExisting) {
            request.member("create", "never");
        }
        return allOrNothing ? request.member("all_or_nothing", true) : request;
    }

    private Update add(Function<Worker, JsonBuilder> operation) {
        operations.add(operation);
        return this;
    }

    private static JsonBuilder object(String type) {
        return JsonBuilder.object().member("type", type);
    }

    private static JsonBuilder walked(String type, List<String> path) {
        JsonBuilder names = JsonBuilder.array();
        path.forEach(names::element);
        return object(type).member("path", names.build());
    }
}
