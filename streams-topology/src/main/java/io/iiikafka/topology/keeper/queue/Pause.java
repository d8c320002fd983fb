package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
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
        QueueName.keys(QueueName.place(queue, work), work)
                .forEach(key -> work.jobs().pause(key, paused, work.nowMs()));
        return new Outcome.Success(
                JsonBuilder.object().member("queue", queue).member("paused", paused).build());
    }
}
