package io.iiikafka.sdk.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.iiikafka.sdk.FunctionOptions;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.EventHandler;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Together;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * The engine's streams: {@code new Streams(worker).group("todos", "inbox", Todo.class)} (spec: stream.md). Used by any
 * number of threads.
 */
public final class Streams {

    private final Worker worker;

    public Streams(Worker worker) {
        this.worker = worker;
    }

    /** A group of a stream whose items are of one type; neither need exist yet. */
    public <T> StreamGroup<T> group(String stream, String group, Class<T> type) {
        return new StreamGroup<>(worker, stream, group, type);
    }

    /** A group of any JSON. */
    public StreamGroup<RawJson> group(String stream, String group) {
        return group(stream, group, RawJson.class);
    }

    /** Names of the groups of a stream that hold something, sorted (spec: stream.md 3.6). */
    public List<String> groups(String stream) {
        RawJson request = JsonBuilder.object().member("stream_name", stream).build();
        return Values.names(worker.trigger("stream::list_groups", request));
    }

    /** All streams that hold something, each with its groups; sorted (spec: stream.md 3.7). */
    public Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        new Reply(worker, worker.trigger("stream::list_all", RawJson.EMPTY_OBJECT))
                .objects("stream")
                .forEach(stream -> all.put(stream.name("id"), Values.names(stream.raw("groups"))));
        return all;
    }

    /** Has a function of this id served here, and called with everything that happens in any group of a stream. */
    public <T> Registration onEvent(
            String functionId, String stream, Class<T> type, EventHandler<StreamEvent<T>> handler) {
        return onEvent(functionId, stream, type, trigger -> trigger, handler);
    }

    /**
     * With only some of it (spec: stream.md 6.1).
     *
     * @param filter adds to the trigger's configuration, such as {@code group_id} and {@code item_id}
     */
    public <T> Registration onEvent(
            String functionId,
            String stream,
            Class<T> type,
            UnaryOperator<Trigger.Event> filter,
            EventHandler<StreamEvent<T>> handler) {
        Registration function = Together.handler(
                worker, functionId, event -> handler.handle(StreamEvents.of(event, type)));
        Registration trigger = worker.bind(filter.apply(Trigger.stream(stream)).to(functionId));
        return new Together(functionId, List.of(trigger, function));
    }

    /** A member of a consumer group of a stream (spec: stream.md 13.4). */
    public <T> StreamConsumer<T> consumer(String stream, String consumerGroup, Class<T> type) {
        return new StreamConsumer<>(worker, stream, consumerGroup, type);
    }

    /** Has a function of this id served here that says who may listen to a stream (spec: stream.md 6.2). */
    public Registration onJoin(String functionId, String stream, Predicate<Subscription> mayJoin) {
        Registration function = worker.function(
                functionId,
                FunctionOptions.NONE,
                RawJson.class,
                RawJson.class,
                (join, call) -> JsonBuilder.object()
                        .member("unauthorized", !mayJoin.test(subscription(join)))
                        .build());
        Registration trigger =
                worker.bind(Trigger.on("stream:join").with("stream_name", stream).to(functionId));
        return new Together(functionId, List.of(trigger, function));
    }

    /** Has a function of this id served here that is told who no longer listens to a stream. */
    public Registration onLeave(String functionId, String stream, EventHandler<Subscription> handler) {
        Registration function = Together.handler(
                worker, functionId, leave -> handler.handle(subscription(leave.json())));
        Registration trigger =
                worker.bind(Trigger.on("stream:leave").with("stream_name", stream).to(functionId));
        return new Together(functionId, List.of(trigger, function));
    }

    private Subscription subscription(RawJson json) {
        Reply payload = new Reply(worker, json);
        return new Subscription(
                payload.name("subscription_id"),
                payload.name("stream_name"),
                payload.name("group_id"),
                payload.text("id"),
                payload.raw("context"));
    }

    /**
     * Serves the items of a stream from a storage of this worker's own (spec: stream.md 4). The engine asks it for each
     * {@code stream::} call on that name, and makes the events of what it answers.
     */
    public <T> Registration createStream(String stream, Class<T> type, StreamStorage<T> storage) {
        return new Together(stream, new ServedStream<>(worker, stream, type, storage).register());
    }
}
