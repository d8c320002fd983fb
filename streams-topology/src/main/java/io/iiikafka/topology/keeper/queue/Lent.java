package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.Handovers;
import io.iiikafka.topology.record.Outcome;

/**
 * Keeps a job that a gateway is running, so that the gateway need not hold its record: it is run here if the gateway does not
 * say again within {@code lease_ms} that it still runs it ({@code {"queue","once","again":true}}), or how it ended
 * ({@link Returned}). {@code {"queue","once","until":true}} asks until when it may go on, in epoch milliseconds, if its
 * handler has {@linkplain Extend asked for that}; 0 otherwise. Input as that of {@link Failed}, with {@code once}. For gateways
 * only.
 */
final class Lent extends QueueFunction {

    static final String ID = "iii::queue::lent";
    private static final long LONGEST_MS = 3_600_000;

    Lent() {
        super(ID, "Keep a job that a gateway runs", QueueSchemas.ENQUEUE, null);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String key = EntryKey.queue(input.text("queue"));
        long leaseMs = input.integer("lease_ms", 1, LONGEST_MS, Handovers.LEASE_MS);
        if (input.flag("until")) {
            long untilMs = work.jobs().handovers().extendedUntilMs(key, input.text("once"));
            return new Outcome.Success(RawJson.of(Long.toString(untilMs)));
        }
        if (input.flag("again")) {
            work.jobs().handovers().lendAgain(key, input.text("once"), leaseMs, work.nowMs());
        } else {
            work.jobs()
                    .handovers()
                    .lend(
                            Failed.call(input),
                            key,
                            input.text("once"),
                            leaseMs,
                            Failed.enqueuedMs(input, work),
                            work.nowMs());
        }
        return Outcome.NO_VALUE;
    }
}
