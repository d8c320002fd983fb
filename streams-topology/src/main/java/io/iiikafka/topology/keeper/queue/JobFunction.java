package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.keeper.job.JobView;
import io.iiikafka.topology.record.Outcome;

/** {@code iii::queue::job} and {@code iii::queue::cancel}: what has become of one job (spec: queue.md 12.4). */
final class JobFunction extends QueueFunction {

    private final boolean cancels;

    private JobFunction(String id, String description, boolean cancels, RawJson response) {
        super(id, description, QueueSchemas.MESSAGE, response);
        this.cancels = cancels;
    }

    static JobFunction show() {
        return new JobFunction("iii::queue::job", "Show a job of a queue or topic", false, QueueSchemas.JOB);
    }

    static JobFunction cancel() {
        return new JobFunction(
                "iii::queue::cancel", "Take a job away, or do not repeat it", true, QueueSchemas.CANCELLED);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String queue = required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
        String id = input.text("message_id");
        if (id.isEmpty()) {
            throw new Refusal(ErrorCode.MESSAGE_ID_NOT_SET, "Message ID is required");
        }
        DeadLetters.Place place = QueueName.place(queue, work);
        return new Outcome.Success(cancels ? cancel(place, id, work) : show(place, id, work));
    }

    private static RawJson cancel(DeadLetters.Place place, String id, QueueWork work) {
        boolean cancelled = false;
        for (String key : QueueName.keys(place, work)) {
            cancelled = cancelled || work.operations().cancel(key, id, work.nowMs());
        }
        return JsonBuilder.object().member("cancelled", cancelled ? 1 : 0).build();
    }

    private static RawJson show(DeadLetters.Place place, String id, QueueWork work) {
        for (String key : QueueName.keys(place, work)) {
            JobView view = work.operations().find(key, id);
            if (view != null) {
                return view.json();
            }
        }
        for (String key : QueueName.keys(place, work)) {
            RawJson result = work.operations().result(key, id, work.nowMs());
            if (result != null) {
                return result;
            }
        }
        DeadLetters.Letter letter = work.jobs().deadLetters().find(place, id);
        return letter == null
                ? JsonBuilder.object().member("id", id).member("status", "unknown").build()
                : DlqMessages.row(letter, "dead");
    }
}
