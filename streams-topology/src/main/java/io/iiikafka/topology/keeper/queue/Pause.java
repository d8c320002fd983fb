package io.iiikafka.topology.keeper.queue;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code iii::queue::pause} and {@code iii::queue::resume}: jobs are taken on, but not started (spec: queue.md 12.4); of a
 * topic, those of the subscriptions that it has now.
 */
final class Pause extends QueueFunction {

    private final boolean paused;

    Pause(String id, boolean paused) {
        super(
                id,
                paused ? "Hold the jobs of a queue or topic back" : "Let the jobs of a queue or topic go on",
                QueueSchemas.QUEUE,
                QueueSchemas.PAUSED);
        this.paused = paused;
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String queue = required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
        DeadLetters.Place place = QueueName.place(queue, work);
        List<String> keys = QueueName.keys(place, work);
        // A queue that is taken out of the file while it is paused can be resumed by its full name.
        if (keys.isEmpty() || paused && !place.topic() && work.agreements().find(keys.getFirst()) == null) {
            throw new Refusal(
                    ErrorCode.INVALID_QUEUE,
                    "There is no queue and no subscribed topic '" + queue + "'; engine::queue::list_topics lists them");
        }
        keys.forEach(key -> work.operations().pause(key, paused, work.nowMs()));
        return new Outcome.Success(
                JsonBuilder.object().member("queue", queue).member("paused", paused).build());
    }
}
