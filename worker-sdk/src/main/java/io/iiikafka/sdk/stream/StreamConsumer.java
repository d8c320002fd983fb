package io.iiikafka.sdk.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;

/**
 * A member of a consumer group, which shares the events of all groups of a stream: each goes to one member, again and
 * again until it is committed (spec: stream.md 13.4). The member is this worker.
 *
 * <p>Methods wait for the engine's answer and throw {@link InvocationException} when there is none or it is an error.
 */
public final class StreamConsumer<T> {

    private final Worker worker;
    private final String stream;
    private final String name;
    private final Class<T> type;

    StreamConsumer(Worker worker, String stream, String name, Class<T> type) {
        this.worker = worker;
        this.stream = stream;
        this.name = name;
        this.type = type;
    }

    /**
     * Events that nobody else has got; a consumer group that is new begins with what comes from now on. They are this
     * member's for 30 s; then they are handed out again.
     *
     * @param max at most so many
     * @param wait for the first, if there is none; 30 s at most
     */
    public List<Delivery<T>> consume(int max, Duration wait) {
        return consume(here().member("max_events", max).member("wait_ms", wait.toMillis()));
    }

    /** As {@link #consume}; a consumer group that is new begins with the oldest that is kept. */
    public List<Delivery<T>> consumeFromEarliest(int max, Duration wait) {
        return consume(
                here().member("start", "earliest").member("max_events", max).member("wait_ms", wait.toMillis()));
    }

    private List<Delivery<T>> consume(JsonBuilder request) {
        return reply("consume", request).objects("events").stream()
                .map(event -> new Delivery<>(
                        event.name("delivery_id"), (int) event.number("attempt"), StreamEvents.logged(event, type)))
                .toList();
    }

    /**
     * Says that they are done.
     *
     * @return the ids of those that had gone to another member meanwhile
     */
    public List<String> commit(Collection<Delivery<T>> done) {
        return Values.names(reply("commit", of(done)).raw("stale"));
    }

    /** Gives them back, to be handed out again after a time. */
    public void giveBack(Collection<Delivery<T>> deliveries, Duration delay) {
        reply("nack", of(deliveries).member("delay_ms", delay.toMillis()));
    }

    /** Keeps them for so long from now on. */
    public void extend(Collection<Delivery<T>> deliveries, Duration time) {
        reply("extend", of(deliveries).member("lease_ms", time.toMillis()));
    }

    private JsonBuilder here() {
        return JsonBuilder.object().member("stream_name", stream).member("consumer_group", name);
    }

    private JsonBuilder of(Collection<Delivery<T>> deliveries) {
        JsonBuilder ids = JsonBuilder.array();
        deliveries.forEach(delivery -> ids.element(delivery.id()));
        return here().member("delivery_ids", ids.build());
    }

    private Reply reply(String function, JsonBuilder request) {
        return new Reply(worker, worker.trigger("stream::" + function, request.build()));
    }
}
