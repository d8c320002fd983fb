package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What a command comes to, beside the changes of its room's stores.
 *
 * @param outcome for the caller; null: it is left waiting for a later command's {@link Answer}
 * @param firings written in the same transaction as the changes
 * @param events written in that transaction, too, before the firings
 * @param pushes told to gateways, in that transaction, too
 * @param answers for callers that were left waiting
 * @param later commands that are run when the changes are committed
 */
public record Decision(
        @Nullable Outcome outcome,
        List<Firing> firings,
        List<LoggedEvent> events,
        List<Push> pushes,
        List<Answer> answers,
        List<Later> later) {

    public Decision(
            @Nullable Outcome outcome,
            List<Firing> firings,
            List<LoggedEvent> events,
            List<Push> pushes,
            List<Answer> answers) {
        this(outcome, firings, events, pushes, answers, List.of());
    }

    public Decision(@Nullable Outcome outcome, List<Firing> firings) {
        this(outcome, firings, List.of(), List.of(), List.of());
    }

    public static Decision of(@Nullable Outcome outcome) {
        return new Decision(outcome, List.of());
    }
}
