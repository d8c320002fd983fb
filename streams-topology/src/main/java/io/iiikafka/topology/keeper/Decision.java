package io.iiikafka.topology.keeper;

import java.util.List;

import io.iiikafka.topology.record.Outcome;

/**
 * What a command comes to, beside the changes of its room's stores.
 *
 * @param outcome for the caller
 * @param firings written in the same transaction as the changes
 * @param events written in that transaction, too, before the firings
 * @param pushes told to gateways, in that transaction, too
 */
public record Decision(Outcome outcome, List<Firing> firings, List<LoggedEvent> events, List<Push> pushes) {

    public Decision(Outcome outcome, List<Firing> firings, List<LoggedEvent> events) {
        this(outcome, firings, events, List.of());
    }

    public Decision(Outcome outcome, List<Firing> firings) {
        this(outcome, firings, List.of());
    }

    public static Decision of(Outcome outcome) {
        return new Decision(outcome, List.of());
    }
}
