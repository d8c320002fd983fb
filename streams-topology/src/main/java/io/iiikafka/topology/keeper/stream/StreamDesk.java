package io.iiikafka.topology.keeper.stream;

import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.LoggedEvent;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** The streams of one partition at work: a function decides, the applier changes, the log and triggers hear of it. */
final class StreamDesk implements Desk {

    private static final int AROUND = 64 * 1024;

    /** Feeds of the engine itself, which are not kept (13.1). */
    static final String OWN_FEEDS = "iii:devtools:";

    private final Map<String, StreamFunction> functions;
    private final StreamStores stores;
    private final StreamApplier applier;
    private final StreamTriggers triggers;
    private final int payloadBytes;

    StreamDesk(
            Map<String, StreamFunction> functions, StreamStores stores, StreamTriggers triggers, int payloadBytes) {
        this.functions = functions;
        this.stores = stores;
        this.applier = new StreamApplier(stores);
        this.triggers = triggers;
        this.payloadBytes = payloadBytes;
    }

    @Override
    public Decision run(Command command) {
        StreamDraft draft = new StreamDraft(stores, command);
        Outcome outcome;
        try {
            outcome = functions.get(command.call().functionId()).decide(Input.of(command.call()), draft);
            check(command, outcome, draft);
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
        if (draft.change().isEmpty()) {
            return Decision.of(outcome);
        }
        StreamDraft.Change change = draft.change().get();
        applier.apply(change);
        return new Decision(outcome, triggers.firings(command, change.event()), logged(change.event()));
    }

    private static List<LoggedEvent> logged(StreamEvent event) {
        return event.isLogged() && !event.group().stream().startsWith(OWN_FEEDS)
                ? List.of(new LoggedEvent(event.group().recordKey(), event.logRecord(), event.timestampMs()))
                : List.of();
    }

    /** A record that Kafka does not take would stop the partition for good. */
    private void check(Command command, Outcome outcome, StreamDraft draft) {
        int value = draft.change()
                .map(StreamDraft.Change::after)
                .map(after -> after.value().length())
                .orElse(0);
        if (value > payloadBytes) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The item would take " + value + " bytes, the limit is " + payloadBytes
                            + "; nothing was changed.");
        }
        long largest = 2L * payloadBytes + AROUND;
        if (outcome instanceof Outcome.Success success
                && success.value() != null
                && success.value().length() > largest) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "The answer of " + command.call().functionId() + " would take " + success.value().length()
                            + " bytes, the limit is " + largest + ". Nothing was changed.");
        }
    }
}
