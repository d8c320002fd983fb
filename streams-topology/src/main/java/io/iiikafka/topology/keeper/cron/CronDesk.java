package io.iiikafka.topology.keeper.cron;

import static java.util.Objects.requireNonNull;

import java.util.Map;

import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The schedules of one partition: woken when a tick is due, told when a run is answered, asked by functions. */
final class CronDesk implements Desk {

    private final Map<String, CronFunction> functions;
    private final CronTriggers triggers;
    private final CronStores stores;
    private final CronWatch watch;
    private @Nullable Schedules schedules;

    CronDesk(Map<String, CronFunction> functions, CronTriggers triggers, CronStores stores, CronWatch watch) {
        this.functions = functions;
        this.triggers = triggers;
        this.stores = stores;
        this.watch = watch;
    }

    private Schedules schedules(Command command) {
        Schedules known = schedules;
        if (known == null) {
            known = new Schedules(triggers, stores, watch, command.partition());
            schedules = known;
        }
        return known;
    }

    @Override
    public Decision run(Command command) {
        Schedules all = schedules(command);
        Outcome outcome;
        try {
            CronFunction function = requireNonNull(functions.get(command.call().functionId()));
            outcome = new Outcome.Success(function.decide(Input.of(command.call()), all.operations(), command));
        } catch (Refusal refusal) {
            outcome = refusal.outcome();
        }
        return new Decision(outcome, all.taken());
    }

    @Override
    public long nextDueMs() {
        return schedules == null ? 0 : schedules.nextDueMs();
    }

    /** Only this process's clock decides what is due: a nudge by a command is as old as the command. */
    @Override
    public Decision tick(Command tick) {
        Schedules all = schedules(tick);
        if (tick.offset() >= 0) {
            return Decision.of(Outcome.NO_VALUE);
        }
        all.tick(tick.timestampMs());
        return new Decision(Outcome.NO_VALUE, all.taken());
    }

    @Override
    public @Nullable Decision answered(long number, Command answer) {
        Schedules all = schedules(answer);
        boolean success = answer.call().functionId().equals(HeaderNames.COMPLETED);
        all.answered(number, answer.call(), success, answer.timestampMs());
        return new Decision(null, all.taken());
    }

    @Override
    public void close() {
        if (schedules != null) {
            schedules.close();
        }
    }
}
