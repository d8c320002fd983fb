package io.iiikafka.topology.keeper.queue;

import static java.util.Objects.requireNonNull;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.record.Outcome;

/** The queues of one partition at work. */
final class QueueDesk implements Desk {

    private record Rest(QueueFunction function, String cursor) {}

    private final Map<String, QueueFunction> functions;
    private final Jobs jobs;
    private final Agreements agreements;
    private final Subscriptions subscriptions;
    private final Catalog catalog;
    /** What is left to do of commands that are too long for one turn, each in its turn. */
    private final Deque<Rest> rest = new ArrayDeque<>();

    private final Backlogs backlogs;

    QueueDesk(Map<String, QueueFunction> functions, Jobs jobs, Subscriptions subscriptions, Catalog catalog) {
        this.functions = functions;
        this.jobs = jobs;
        this.agreements = new Agreements(catalog);
        this.subscriptions = subscriptions;
        this.catalog = catalog;
        this.backlogs = new Backlogs(jobs, subscriptions);
    }

    @Override
    public Decision run(Command command) {
        backlogs.settle(command.timestampMs());
        try {
            QueueFunction function = requireNonNull(functions.get(command.call().functionId()));
            Input input =
                    function.takesAnything() ? Input.of("anything", RawJson.EMPTY_OBJECT) : Input.of(command.call());
            QueueWork work = work(command);
            Outcome outcome = function.decide(input, work);
            if (!command.call().reply()) {
                goOn(function, outcome);
            }
            return decision(outcome, work);
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
    }

    @Override
    public Decision tick(Command tick) {
        backlogs.settle(tick.timestampMs());
        Rest next = rest.poll();
        if (next != null) {
            try {
                JsonBuilder cursor = JsonBuilder.object().member("cursor", next.cursor());
                QueueWork work = work(tick);
                goOn(next.function(), next.function().decide(Input.of(next.function().id(), cursor.build()), work));
                return decision(Outcome.NO_VALUE, work);
            } catch (Refusal refusal) {
                return Decision.of(refusal.outcome());
            }
        }
        return Decision.of(Outcome.NO_VALUE);
    }

    @Override
    public long nextDueMs() {
        return rest.isEmpty() ? backlogs.nextDueMs() : 0;
    }

    private static Decision decision(Outcome outcome, QueueWork work) {
        return new Decision(outcome, List.of(), List.of(), List.of(), List.of(), work.later());
    }

    private QueueWork work(Command command) {
        return new QueueWork(command, jobs, agreements, subscriptions, backlogs, catalog);
    }

    /** Nobody waits for the answer, and so nobody asks for the next page. */
    private void goOn(QueueFunction function, Outcome outcome) {
        String next = function.next();
        Page page = next != null && outcome instanceof Outcome.Success success ? Page.of(success.value()) : null;
        if (next != null && page != null && page.next() != null) {
            rest.add(new Rest(requireNonNull(functions.get(next)), page.next()));
        }
    }
}
