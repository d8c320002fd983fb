package io.iiikafka.sdk.stream;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.internal.Reply;

/** Reads frames of streams. */
final class StreamEvents {

    private StreamEvents() {}

    static <T> Logged<T> logged(Reply entry, Class<T> type) {
        return new Logged<>(entry.number("offset"), entry.name("event_id"), of(entry, type));
    }

    static <T> StreamEvent<T> of(Reply frame, Class<T> type) {
        StreamEvent.Source source = new StreamEvent.Source(
                frame.name("streamName"), frame.name("groupId"), frame.text("id"), frame.number("timestamp"));
        Reply event = frame.object("event");
        return switch (event.name("type")) {
            case "create" -> new StreamEvent.Created<>(source, event.value("data", type));
            case "update" -> new StreamEvent.Updated<>(source, event.value("data", type));
            case "delete" -> new StreamEvent.Deleted<>(source, event.value("data", type));
            case "event" -> {
                Reply sent = event.object("event");
                yield new StreamEvent.Sent<>(source, sent.name("type"), sent.raw("data"));
            }
            default -> throw new InvocationException(
                    "deserialization_error", "unknown stream event: " + event.name("type"));
        };
    }
}
