package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/** {@code engine::queue::dlq_topics}: the queues and topics that have dead letters (spec: queue.md 4.7). */
final class DlqTopics extends QueueFunction {

    static final String ID = "engine::queue::dlq_topics";
    static final String PART = "iii::queue::dlq_topics_part";

    DlqTopics(String id) {
        super(id, "List the queues and topics with dead letters", QueueSchemas.NOTHING, QueueSchemas.DLQ_TOPICS);
    }

    @Override
    public Placement placement(Call call) {
        return new Placement.Everywhere(PART, parts -> {
            JsonBuilder all = JsonBuilder.array();
            parts.forEach(all::elementsOf);
            return all.build();
        });
    }

    @Override
    boolean takesAnything() {
        return true;
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        JsonBuilder rows = JsonBuilder.array();
        work.jobs().deadLetters().counts().forEach((place, count) -> rows.element(JsonBuilder.object()
                .member("topic", place.name())
                .member("broker_type", place.topic() ? "kafka" : "function_queue")
                .member("message_count", count)
                .build()));
        RawJson part = rows.build();
        return new Outcome.Success(part);
    }
}
