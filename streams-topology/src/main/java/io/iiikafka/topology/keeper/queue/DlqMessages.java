package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code engine::queue::dlq_messages}: dead letters, newest first (spec: queue.md 4.8). A page ends early when it would
 * be longer than 4 MiB.
 */
final class DlqMessages extends QueueFunction {

    private static final long MOST_BYTES = 4L * 1024 * 1024;

    DlqMessages() {
        super(
                "engine::queue::dlq_messages",
                "Show the dead letters of a queue or topic",
                QueueSchemas.DLQ_PAGE,
                QueueSchemas.DLQ_MESSAGES);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        DeadLetters.Place place = QueueName.place(TopicStats.topic(input), work);
        int offset = (int) input.integer("offset", 0, Integer.MAX_VALUE, 0);
        int limit = (int) input.integer("limit", 0, 10_000, 50);
        JsonBuilder rows = JsonBuilder.array();
        for (DeadLetters.Letter letter : work.jobs().deadLetters().newest(place, offset, limit, MOST_BYTES)) {
            rows.element(row(letter, null));
        }
        return new Outcome.Success(rows.build());
    }

    /** @param status as operators see it; null: it is not told */
    static RawJson row(DeadLetters.Letter letter, @Nullable String status) {
        Input members = Input.of("a dead letter", letter.json());
        RawJson payload = members.find("payload");
        JsonBuilder row = JsonBuilder.object(letter.json().length())
                .member("id", letter.receipt())
                .member("payload", payload)
                .member("error", letter.error())
                .member("failed_at", letter.failedAtMs() / 1_000)
                .member("retries", members.find("retries"))
                .member("size_bytes", payload == null ? 0 : payload.length());
        if (status != null) {
            row.member("status", status);
        }
        for (String name : new String[] {
            "function_id", "namespace", "topic", "first_enqueued_at", "traceparent", "stacktrace", "group"
        }) {
            if (members.find(name) != null) {
                row.member(name, members.find(name));
            }
        }
        return row.build();
    }
}
