package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Answer;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.FirstReplies;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.LoggedEvent;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The streams of one partition at work: a function decides, the applier changes, the log and triggers hear of it. */
final class StreamDesk implements Desk {

    /** So much of what is due is done at once; the rest the next time. */
    private static final int MOST_DUE = 500;

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
    private final StreamLookBack past;
    private final Waiting waiting = new Waiting();
    private final int payloadBytes;
    private final long answerBytes;
    private long expiryMs;

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
        this.expiryMs = ItemExpiry.firstDueMs(stores);
    }

    @Override
    public Decision run(Command command) {
        retention.sweep(stores, command.timestampMs());
        lists.sweep(command.timestampMs());
        StreamDraft draft = new StreamDraft(stores, command, waiting, catalog);
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
        draft.notes().forEach((name, note) -> {
            if (note.isPresent()) {
                expiryMs = Math.min(expiryMs, ItemExpiry.dueMs(name));
            }
        });
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
        return past.isUnfinished() ? 0 : Math.min(expiryMs, Math.min(past.forgetsMs(), unused.nextDueMs()));
    }

    /** Tells triggers of what was before they were registered; removes items whose time is over, and consumer groups that nobody uses. */
    @Override
    public Decision tick(Command tick) {
        List<Decision> all = new ArrayList<>();
        all.add(new Decision(Outcome.NO_VALUE, past.next(tick)));
        if (tick.offset() < 0) { // only this process's clock says what is old
            past.forget(tick.timestampMs());
            all.add(endUnused(tick));
            for (String name : ItemExpiry.due(stores, tick.timestampMs(), MOST_DUE)) {
                RawJson note = stores.note(name);
                if (note != null) {
                    all.add(expire(tick, name, ItemExpiry.read(name, note)));
                }
            }
        }
        expiryMs = ItemExpiry.firstDueMs(stores);
        return new Decision(
                Outcome.NO_VALUE,
                all.stream().flatMap(each -> each.firings().stream()).toList(),
                all.stream().flatMap(each -> each.events().stream()).toList(),
                all.stream().flatMap(each -> each.pushes().stream()).toList(),
                all.stream().flatMap(each -> each.answers().stream()).toList());
    }

    private Decision endUnused(Command tick) {
        if (tick.timestampMs() < unused.nextDueMs()) {
            return Decision.of(Outcome.NO_VALUE);
        }
        StreamDraft draft = new StreamDraft(stores, tick, waiting, catalog);
        List<Firing> deletions = unused.end(draft, tick);
        apply(tick, draft, Outcome.NO_VALUE);
        return new Decision(Outcome.NO_VALUE, deletions);
    }

    /** Its time is when it was due, not when it is done, which another time may be another. */
    private Decision expire(Command tick, String name, ItemExpiry expiry) {
        Command due = new Command(tick.call(), tick.partition(), tick.offset(), expiry.dueMs(), null);
        StreamDraft draft = new StreamDraft(stores, due, waiting, catalog, expiry.eventId());
        draft.note(name, null);
        expiry.run(draft);
        return apply(due, draft, Outcome.NO_VALUE);
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
