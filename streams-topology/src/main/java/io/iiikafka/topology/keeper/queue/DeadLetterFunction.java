package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Outcome;

/** A function on one dead letter: moves it back, or takes it away (spec: queue.md 4.3, 4.4). */
final class DeadLetterFunction extends QueueFunction {

    private final boolean back;

    private DeadLetterFunction(String id, String description, boolean back) {
        super(id, description, QueueSchemas.MESSAGE, QueueSchemas.MOVED);
        this.back = back;
    }

    static DeadLetterFunction redrive() {
        return new DeadLetterFunction("iii::queue::redrive_message", "Move one dead letter back", true);
    }

    static DeadLetterFunction discard() {
        return new DeadLetterFunction("iii::queue::discard_message", "Take one dead letter away", false);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String queue = required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
        String id = input.text("message_id");
        if (id.isEmpty()) {
            throw new Refusal(ErrorCode.MESSAGE_ID_NOT_SET, "Message ID is required");
        }
        DeadLetters.Letter letter = work.jobs().deadLetters().find(QueueName.place(queue, work), id);
        boolean done = letter != null && (back ? redrive(letter, work) : take(letter, work));
        return new Outcome.Success(JsonBuilder.object()
                .member("queue", queue)
                .member("message_id", id)
                .member("redriven", done ? 1 : 0) // also of those that were discarded
                .build());
    }

    private static boolean redrive(DeadLetters.Letter letter, QueueWork work) {
        return work.operations().redrive(letter, null, work.command().call().traceparent(), 0, work.nowMs());
    }

    private static boolean take(DeadLetters.Letter letter, QueueWork work) {
        work.jobs().deadLetters().remove(letter);
        return true;
    }
}
