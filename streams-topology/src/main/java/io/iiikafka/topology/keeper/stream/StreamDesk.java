package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Answer;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.FirstReplies;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.keeper.LoggedEvent;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The streams of one partition at work: a function decides, the applier changes, the log and triggers hear of it. */
final class StreamDesk implements Desk {

    private final Map<String, StreamFunction> functions;
    private final Catalog catalog;
    private final OpenLists lists;
    private final StreamStores stores;
    private final StreamApplier applier;
    private final StreamTriggers triggers;
    private final LogRetention retention;
    private final Subscribers subscribers;
    private final Consumers consumers;
    private final UnusedConsumers unused;
    private final ItemEnds ends;
    private final StreamLookBack past;
    private final Waiting waiting = new Waiting();
    private final int payloadBytes;
    private final long answerBytes;

    StreamDesk(
            Map<String, StreamFunction> functions,
            OpenLists lists,
            StreamStores stores,
            StreamTriggers triggers,
            Subscribers subscribers,
            Catalog catalog,
            StreamSettings settings) {
        this.catalog = catalog;
        this.functions = functions;
        this.lists = lists;
        this.stores = stores;
        this.retention = new LogRetention(settings.replay());
        this.consumers = new Consumers(stores);
        this.unused = new UnusedConsumers(stores, settings.replay().consumerGroupTtlMs());
        this.past = new StreamLookBack(triggers, stores, retention);
        this.applier = new StreamApplier(stores, retention);
        this.triggers = triggers;
        this.subscribers = subscribers;
        this.payloadBytes = settings.maxPayloadBytes();
        this.answerBytes = settings.answerBytes();
        this.ends = new ItemEnds(stores);
    }

    @Override
    public Decision run(Command command) {
        retention.sweep(stores, command.timestampMs());
        lists.sweep(command.timestampMs());
        StreamDraft draft = new StreamDraft(stores, command, waiting, catalog, StreamExpire.eventId(command));
        @Nullable Outcome outcome;
        try {
            StreamFunction function = requireNonNull(functions.get(command.call().functionId()));
            Input input = Input.of(command.call());
            String key = function.isRepeatable() ? FirstReplies.key(input) : null;
            String repeatable =
                    key == null ? null : FirstReplies.name(StreamFunction.group(input).itemPrefix(), key);
            Outcome first = repeatable == null ? null : FirstReplies.find(draft, repeatable);
            if (first != null) {
                return Decision.of(first);
            }
            outcome = function.decide(input, draft);
            check(command, outcome, draft);
            if (repeatable != null && outcome != null) {
                FirstReplies.keep(draft, repeatable, outcome);
            }
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
        return apply(command, draft, outcome);
    }

    private Decision apply(Command command, StreamDraft draft, @Nullable Outcome outcome) {
        List<Firing> leaves = subscribers.depart(draft, command);
        ends.noted(draft.notes());
        consumers.mark(draft, retention);
        applier.apply(draft);
        consumers.apply(draft);
        unused.apply(draft);
        subscribers.apply(draft);
        if (draft.awaited() != null) {
            waiting.add(draft.awaited(), command);
        }
        if (draft.changes().isEmpty()) {
            return new Decision(outcome, leaves, List.of(), List.of(), woken(draft));
        }
        return new Decision(
                outcome,
                triggers.firings(command, draft.changes(), past),
                logged(draft),
                subscribers.pushes(draft),
                woken(draft));
    }

    @Override
    public long nextDueMs() {
        return past.isUnfinished() ? 0 : Math.min(ends.nextDueMs(), Math.min(past.forgetsMs(), unused.nextDueMs()));
    }

    /** Tells triggers of what was before they were registered; has items whose time is over removed, removes consumer groups that nobody uses. */
    @Override
    public Decision tick(Command tick) {
        List<Firing> firings = new ArrayList<>(past.next(tick));
        List<Later> later = List.of();
        if (tick.offset() < 0) { // only this process's clock says what is old
            past.forget(tick.timestampMs());
            firings.addAll(endUnused(tick));
            later = ends.ask(tick.timestampMs());
        }
        return new Decision(Outcome.NO_VALUE, firings, List.of(), List.of(), List.of(), later);
    }

    private List<Firing> endUnused(Command tick) {
        if (tick.timestampMs() < unused.nextDueMs()) {
            return List.of();
        }
        StreamDraft draft = new StreamDraft(stores, tick, waiting, catalog);
        List<Firing> deletions = unused.end(draft, tick);
        apply(tick, draft, Outcome.NO_VALUE);
        return deletions;
    }

    private List<Answer> woken(StreamDraft draft) {
        List<Answer> woken = new ArrayList<>();
        draft.groups().keySet().forEach(group -> woken.addAll(waiting.wake(group.recordKey())));
        draft.woken().forEach(topic -> woken.addAll(waiting.wakeCounted(topic)));
        return woken;
    }

    private List<LoggedEvent> logged(StreamDraft draft) {
        return draft.changes().stream()
                .map(StreamChange::event)
                .filter(retention::keeps)
                .map(event -> {
                    int longest = retention.of(event.group().stream()).maxEventBytes();
                    return new LoggedEvent(event.group().recordKey(), event.logRecord(longest), event.timestampMs());
                })
                .toList();
    }

    /** A record that Kafka does not take would stop the partition for good. */
    private void check(Command command, @Nullable Outcome outcome, StreamDraft draft) {
        for (StreamChange change : draft.changes()) {
            int value = change.after() == null ? 0 : change.after().value().length();
            if (value > payloadBytes) {
                throw new Refusal(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "The item would take " + value + " bytes, the limit is " + payloadBytes
                                + "; nothing was changed.");
            }
        }
        long largest = answerBytes;
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
