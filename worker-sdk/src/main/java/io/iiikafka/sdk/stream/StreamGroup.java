package io.iiikafka.sdk.stream;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.EventHandler;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * One group of a stream: items by id, and events (spec: stream.md 3). Each change and event reaches everyone who
 * listens to the group, in order. Names and ids are any text.
 *
 * <p>All methods wait for the engine's answer, for {@link io.iiikafka.sdk.WorkerOptions#callTimeout()} at most, and
 * throw {@link InvocationException} when there is none or it is an error.
 *
 * @param <T> what items are bound to; with {@link RawJson} a missing item is {@link RawJson#NULL}
 */
public final class StreamGroup<T> {

    private final Worker worker;
    private final String stream;
    private final String group;
    private final Class<T> type;

    StreamGroup(Worker worker, String stream, String group, Class<T> type) {
        this.worker = worker;
        this.stream = stream;
        this.group = group;
        this.type = type;
    }

    public String stream() {
        return stream;
    }

    public String group() {
        return group;
    }

    /** Null when there is nothing, or null. */
    public @Nullable T get(String id) {
        return worker.read(call("get", at(id)), type);
    }

    /** Stores an item in place of the one before. Client libraries want its member {@code id} to be this id. */
    public Change<T> set(String id, @Nullable T item) {
        return Values.change(reply("set", at(id).member("data", worker.write(item))), type);
    }

    /** Changes parts of an item, as one with respect to every other write; makes it when it is not there. */
    public Change<T> update(String id, Update update) {
        return Values.change(reply("update", update.addTo(at(id), worker)), type);
    }

    /** Removes an item and returns it; null when that was nothing, or null. */
    public @Nullable T delete(String id) {
        return reply("delete", at(id)).value("old_value", type);
    }

    /** All items, in the order in which they were first set. */
    public List<@Nullable T> list() {
        return Values.list(worker, call("list", here()), type);
    }

    /** Tells everyone who listens to the group something that is not stored. */
    public void send(String eventType, @Nullable Object data) {
        call("send", here().member("type", eventType).member("data", worker.write(data)));
    }

    /** As {@link #send}, about one item: who listens to that item hears it, too. */
    public void sendAbout(String id, String eventType, @Nullable Object data) {
        call("send", here().member("id", id).member("type", eventType).member("data", worker.write(data)));
    }

    /** Stores an item that is removed after a time, unless it is written again before. */
    public Change<T> set(String id, @Nullable T item, Duration ttl) {
        JsonBuilder request = at(id).member("data", worker.write(item)).member("ttl_ms", ttl.toMillis());
        return Values.change(reply("set", request), type);
    }

    /**
     * Events that happened, in order, also long ago (spec: stream.md 13.3).
     *
     * @param offset of the first; 1 is the group's first. Fails with {@code OFFSET_OUT_OF_RANGE} when it is no longer kept
     * @param limit at most so many, up to 1000
     */
    public LogPage<T> read(long offset, int limit) {
        RawJson from = JsonBuilder.object().member("offset", offset).build();
        Reply reply = reply("read", here().member("from", from).member("limit", limit));
        return new LogPage<>(
                reply.objects("events").stream()
                        .map(entry -> StreamEvents.logged(entry, type))
                        .toList(),
                reply.number("next_offset"),
                reply.flag("end"));
    }

    /** Has a function of this id served here, and called with everything that happens in the group. */
    public Registration onEvent(String functionId, EventHandler<StreamEvent<T>> handler) {
        return onEvent(functionId, trigger -> trigger, handler);
    }

    /**
     * With only some of it (spec: stream.md 6.1): {@code trigger -> trigger.with("item_id", "t1")}.
     *
     * @param filter adds to the trigger's configuration
     */
    public Registration onEvent(
            String functionId, UnaryOperator<Trigger.Event> filter, EventHandler<StreamEvent<T>> handler) {
        return new Streams(worker)
                .onEvent(functionId, stream, type, event -> filter.apply(event.with("group_id", group)), handler);
    }

    private RawJson call(String function, JsonBuilder request) {
        return worker.trigger("stream::" + function, request.build());
    }

    private Reply reply(String function, JsonBuilder request) {
        return new Reply(worker, call(function, request));
    }

    private JsonBuilder here() {
        return JsonBuilder.object().member("stream_name", stream).member("group_id", group);
    }

    private JsonBuilder at(String id) {
        return here().member("item_id", id);
    }
}
