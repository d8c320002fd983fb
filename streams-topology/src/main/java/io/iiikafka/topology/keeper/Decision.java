package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.record.Outcome;

/**
 * What a command comes to, beside the changes of its room's stores.
 *
 * @param outcome for the caller
 * @param firings written in the same transaction as the changes
 * @param events written in that transaction, too, before the firings
 */
public record Decision(Outcome outcome, List<Firing> firings, List<LoggedEvent> events) {

    public Decision(Outcome outcome, List<Firing> firings) {
        this(outcome, firings, List.of());
    }

    public static Decision of(Outcome outcome) {
        return new Decision(outcome, List.of());
    }
}
