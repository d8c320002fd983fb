package io.iiikafka.topology.keeper.pubsub;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code engine::pubsub::peek}: {@code {"topic":…,"limit":10}} → the newest events that are kept, newest first:
 * {@code [{"topic":…,"offset":2,"published_at":<epoch ms>,"publisher":…,"key":…,"data":…}]} (spec: pubsub.md 9). Answers
 * with fewer when they would take too many bytes.
 */
final class Peek extends PubsubFunction {

    private final PubsubSettings settings;

    Peek(PubsubSettings settings) {
        super("engine::pubsub::peek", "The newest events of a topic", PubsubSchemas.PEEK, null);
        this.settings = settings;
    }

    @Override
    Decision decide(Input input, Command command, PubsubDesk desk) {
        String topic = input.text("topic");
        long limit = input.integer("limit", 1, 1_000, 10);
        TopicInfo info = desk.stores().topic(topic);
        JsonBuilder events = JsonBuilder.array();
        long[] left = {limit, settings.answerBytes()};
        desk.stores().scan(topic, info.earliest(), info.latest(), false, event -> {
            left[1] -= event.data().length() + 300L;
            if (left[1] < 0 || event.timestampMs() < command.timestampMs() - settings.keptMs()) {
                return false;
            }
            events.element(event.shown());
            return --left[0] > 0;
        });
        return Decision.of(new Outcome.Success(events.build()));
    }
}
