package io.iiikafka.topology.keeper.queue;

import static java.util.Objects.requireNonNull;

import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.record.Outcome;

/** The queues of one partition at work. */
final class QueueDesk implements Desk {

    private final Map<String, QueueFunction> functions;
    private final Jobs jobs;
    private final Agreements agreements;
    private final Subscriptions subscriptions;
    private final Catalog catalog;
    private int ended;

    QueueDesk(Map<String, QueueFunction> functions, Jobs jobs, Subscriptions subscriptions, Catalog catalog) {
        this.functions = functions;
        this.jobs = jobs;
        this.agreements = new Agreements(catalog);
        this.subscriptions = subscriptions;
        this.catalog = catalog;
        this.ended = subscriptions.ended();
    }

    @Override
    public Decision run(Command command) {
        dropEnded();
        try {
            QueueFunction function = requireNonNull(functions.get(command.call().functionId()));
            QueueWork work = new QueueWork(command, jobs, agreements, subscriptions, catalog);
            Input input =
                    function.takesAnything() ? Input.of("anything", RawJson.EMPTY_OBJECT) : Input.of(command.call());
            return Decision.of(function.decide(input, work));
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
    }

    @Override
    public Decision tick(Command tick) {
        dropEnded();
        return Decision.of(Outcome.NO_VALUE);
    }

    /** What was published before a subscription ended is not delivered when it is made again (spec: queue.md 6.1). */
    private void dropEnded() {
        if (ended < subscriptions.ended()) {
            for (String key : subscriptions.endedAfter(ended)) {
                jobs.drop(key);
                ended++;
            }
        }
    }
}
