package io.iiikafka.topology.keeper.queue;

import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code iii::queue::list}: the jobs of a queue or topic that are not over, oldest first, or its dead letters, newest
 * first (spec: queue.md 12.4). A page ends early when it would be longer than 4 MiB.
 */
final class ListJobs extends QueueFunction {

    private static final long MOST_BYTES = 4L * 1024 * 1024;
    private static final Set<String> STATES = Set.of("waiting", "held", "delayed", "active");

    ListJobs() {
        super("iii::queue::list", "List the jobs of a queue or topic", QueueSchemas.LIST, QueueSchemas.JOBS);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String queue = required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
        int offset = (int) input.integer("offset", 0, Integer.MAX_VALUE, 0);
        int limit = (int) input.integer("limit", 0, 1_000, 50);
        DeadLetters.Place place = QueueName.place(queue, work);
        JsonBuilder rows = JsonBuilder.array();
        String state = state(input, true);
        if ("dead".equals(state)) {
            work.jobs().deadLetters().newest(place, offset, limit, MOST_BYTES)
                    .forEach(letter -> rows.element(DlqMessages.row(letter, "dead")));
            return new Outcome.Success(rows.build());
        }
        String group = input.optionalText("group");
        Rest rest = new Rest(limit);
        int skip = offset;
        for (String key : QueueName.keys(place, work)) {
            if (rest.isLeft()) {
                skip = work.operations().list(key, state, group, skip, view -> {
                    RawJson row = view.json();
                    rows.element(row);
                    return rest.take(row);
                });
            }
        }
        return new Outcome.Success(rows.build());
    }

    /** What a page has room for. */
    private static final class Rest {

        private int rows;
        private long bytes = MOST_BYTES;

        Rest(int rows) {
            this.rows = rows;
        }

        /** Takes the row in; false: it was the last. */
        boolean take(RawJson row) {
            rows--;
            bytes -= row.length();
            return isLeft();
        }

        boolean isLeft() {
            return rows > 0 && bytes > 0;
        }
    }

    /**
     * The state that is asked for; null: any.
     *
     * @param active whether it may be that of jobs that run
     */
    static @Nullable String state(Input input, boolean active) {
        String state = input.optionalText("state");
        if (state == null || state.equals("all")) {
            return null;
        }
        if (!state.equals("dead") && !STATES.contains(state) || !active && state.equals("active")) {
            throw input.misfit("invalid value for `state`: expected waiting, held, delayed, "
                    + (active ? "active, " : "") + "dead or all");
        }
        return state;
    }
}
