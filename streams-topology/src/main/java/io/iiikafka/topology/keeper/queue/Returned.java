package io.iiikafka.topology.keeper.queue;

import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;

/**
 * Says how a {@link Lent} job ended: {@code {"queue","once"}}, and if it failed what {@link Failed} says of it. For
 * gateways only.
 */
final class Returned extends QueueFunction {

    static final String ID = "iii::queue::returned";

    Returned() {
        super(ID, "Say how a job ended that a gateway ran", QueueSchemas.ENQUEUE, null);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        work.jobs()
                .handovers()
                .giveBack(
                        EntryKey.queue(input.text("queue")),
                        input.text("once"),
                        Enqueue.presentOrNull(input.find("error")) == null ? null : Failed.tried(input),
                        work.nowMs());
        return Outcome.NO_VALUE;
    }
}
