package io.iiikafka.topology.keeper.pubsub;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code publish}: {@code {"topic":"orders.shipped","data":…}} → nothing; with {@code "ack":true} →
 * {@code {"topic":…,"offset":1,"subscribers":2}} (spec: pubsub.md 2, 9).
 */
final class Publish extends PubsubFunction {

    private static final long DAY_MS = 86_400_000;

    private final PubsubSettings settings;

    Publish(PubsubSettings settings) {
        super("publish", "Publish an event to all who subscribed to its topic", PubsubSchemas.PUBLISH, null);
        this.settings = settings;
    }

    @Override
    Decision decide(Input input, Command command, PubsubDesk desk) {
        PublishedEvent event = publish(read(input, command.position(), command, settings), input, desk);
        List<Firing> firings = desk.firings(event, command);
        return new Decision(
                input.flag("ack") ? acknowledged(event, firings.size()) : Outcome.NO_VALUE,
                firings,
                List.of(event.logged(command.call().traceparent())),
                List.of(),
                List.of());
    }

    /** The event that the members describe, without an offset. */
    static PublishedEvent read(Input input, String id, Command command, PubsubSettings settings) {
        String topic = input.text("topic");
        RawJson data = input.require("data");
        if (topic.isEmpty()) {
            throw new Refusal(ErrorCode.TOPIC_NOT_SET, "Topic is not set");
        }
        if (data.length() > settings.maxEventBytes()) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The data of an event takes " + data.length() + " bytes, the limit is " + settings.maxEventBytes()
                            + " (pubsub.max_event_bytes); send large data through a channel.");
        }
        input.flag("retain");
        return new PublishedEvent(
                topic,
                0,
                id,
                data,
                command.timestampMs(),
                command.call().callerWorkerId(),
                input.optionalText("key"),
                headers(input),
                input.integer("ttl_ms", 1, 365 * DAY_MS, 0));
    }

    /** Counts and keeps it; gives it with its offset. */
    static PublishedEvent publish(PublishedEvent draft, Input input, PubsubDesk desk) {
        PublishedEvent event = desk.publish(draft);
        if (input.flag("retain")) {
            desk.stores().retain(event);
        }
        return event;
    }

    private static @Nullable RawJson headers(Input input) {
        RawJson headers = input.find("headers");
        if (headers == null || headers.isNull()) {
            return null;
        }
        if (!headers.isObject()) {
            throw input.misfit("invalid type for `headers`, expected an object of strings");
        }
        return headers;
    }

    private static Outcome acknowledged(PublishedEvent event, int subscribers) {
        return new Outcome.Success(JsonBuilder.object()
                .member("topic", event.topic())
                .member("offset", event.offset())
                .member("subscribers", subscribers)
                .build());
    }
}
