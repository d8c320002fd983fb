package io.iiikafka.topology.keeper.state;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.FirstReplies;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.queue.Outbox;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** The state of one partition at work: a function decides, the applier changes, triggers hear of it. */
final class StateDesk implements Desk {

    /** So much of what is due is done at once; the rest the next time. */
    private static final int MOST_DUE = 500;

    /** Each may begin with a {@linkplain ForkRemains#PAGE page} of what it held. */
    private static final int MOST_FORKS_DUE = 5;

    /** Members of calls the elements of which may name a scope of their own. */
    private static final List<String> PARTS = List.of("keys", "checks", "writes", "reads");

    private static final long FAR = 999_999_999_999_998L;

    private final Map<String, StateFunction> functions;
    private final StateStores stores;
    private final StateApplier applier;
    private final StateTriggers triggers;
    private final RecordLimit limit;
    private final PrivateScopes privates;
    private final Listings listings;
    private final Recorder recorder;
    private final Outbox outbox;
    private final StateLookBack past;
    private long nextDueMs;
    private boolean clearing;

    StateDesk(
            Map<String, StateFunction> functions,
            StateStores stores,
            Listings listings,
            StateTriggers triggers,
            RecordLimit limit,
            PrivateScopes privates,
            Recorder recorder,
            Outbox outbox) {
        this.outbox = outbox;
        this.privates = privates;
        this.functions = functions;
        this.triggers = triggers;
        this.limit = limit;
        this.stores = stores;
        this.listings = listings;
        this.recorder = recorder;
        this.applier = new StateApplier(stores);
        this.past = new StateLookBack(triggers, stores, recorder);
        this.nextDueMs = firstDue();
        this.clearing = ForkRemains.any(stores) != null;
    }

    @Override
    public Decision run(Command command) {
        String id = command.call().functionId();
        String accessor = PrivateAccessor.prefixIn(id);
        StateDraft draft = new StateDraft(stores, stores.history(), command.timestampMs(), Op.of(id));
        Outcome outcome;
        try {
            StateFunction function = requireNonNull(
                    functions.get(accessor == null ? id : PrivateAccessor.publicId(accessor, id)));
            Input input = Input.of(command.call());
            privates.check(accessor, input, scope -> ForkRemains.refuse(draft, scope));
            if (id.equals(StateMergeFork.ID)) {
                privates.checkWritten(Fork.parentIn(input.text("scope")));
            }
            String key = function.writes() ? FirstReplies.key(input) : null;
            String repeatable =
                    key == null ? null : FirstReplies.name(StateKey.prefixOf(input.text("scope")), key);
            Outcome first = repeatable == null ? null : FirstReplies.find(draft, repeatable);
            if (first != null) {
                return Decision.of(first);
            }
            if (function.writes()) {
                Lease.check(input, draft, function.partitioning());
            }
            used(input, draft);
            outcome = function.decide(input, command, draft);
            draft.sent().forEach(each -> outbox.check(each, command.timestampMs()));
            limit.check(command, outcome, draft.changes());
            if (repeatable != null) {
                limit.checkKept(outcome);
                FirstReplies.keep(draft, repeatable, outcome);
            }
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
        List<Firing> firings = apply(command, draft, accessor != null);
        List<Later> later = draft.sent().stream().map(Outbox.Sent::later).toList();
        return new Decision(outcome, firings, List.of(), List.of(), List.of(), later);
    }

    /** Every fork that is named, by the call or by one of its parts, is used. */
    private static void used(Input input, StateDraft draft) {
        used(input.find("scope"), draft);
        for (String list : PARTS) {
            RawJson parts = input.find(list);
            if (parts != null) {
                parts.forEachElement(part -> used(part.isObject() ? Input.of(list, part).find("scope") : null, draft));
            }
        }
    }

    private static void used(@Nullable RawJson named, StateDraft draft) {
        String scope = named == null ? null : named.text();
        Fork fork = scope == null ? null : Fork.find(draft, scope);
        if (fork != null) {
            fork.used(draft);
        }
    }

    private List<Firing> apply(Command command, StateDraft draft, boolean silent) {
        listings.keep(draft.changes());
        recorder.record(command, draft);
        draft.notes().forEach((name, note) -> {
            nextDueMs = note.isEmpty() ? nextDueMs : Math.min(nextDueMs, dueIn(name));
            clearing |= ForkRemains.isNamedBy(name);
        });
        applier.apply(draft);
        recorder.sweepIfDue(command.timestampMs());
        return silent ? List.of() : triggers.firings(command, draft.changes(), past);
    }

    @Override
    public long nextDueMs() {
        return clearing || past.isUnfinished() ? 0 : Math.min(nextDueMs, past.forgetsMs());
    }

    private static long dueIn(String note) {
        return Math.min(Expiry.dueMs(note), Fork.dueMs(note));
    }

    private long firstDue() {
        return Stream.concat(Expiry.due(stores, FAR, 1).stream(), Fork.due(stores, FAR, 1).stream())
                .mapToLong(StateDesk::dueIn)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Clears away some of what forks held that are gone. */
    private void clear(Command tick) {
        String scope = clearing ? ForkRemains.any(stores) : null;
        clearing = scope != null;
        if (scope != null) {
            StateDraft draft = new StateDraft(stores, stores.history(), tick.timestampMs(), Op.EXPIRE);
            ForkRemains.clear(draft, scope);
            apply(tick, draft, true);
        }
    }

    /** Removes values and forks whose time is over, tells triggers of what was, and clears history away. */
    @Override
    public Decision tick(Command tick) {
        List<Firing> firings = new ArrayList<>();
        if (tick.offset() < 0) { // only this process's clock says what is old
            expire(tick, firings);
        }
        firings.addAll(past.next(tick));
        if (tick.offset() < 0) {
            past.forget(tick.timestampMs());
            recorder.sweep(tick.timestampMs());
        }
        if (nextDueMs <= tick.timestampMs()) { // else the search would come by all notes that are gone, each time
            nextDueMs = firstDue();
        }
        return new Decision(Outcome.NO_VALUE, firings);
    }

    private void expire(Command tick, List<Firing> firings) {
        StateDraft draft = new StateDraft(stores, stores.history(), tick.timestampMs(), Op.EXPIRE);
        Expiry.due(stores, tick.timestampMs(), MOST_DUE).forEach(name -> Expiry.run(draft, name));
        if (!draft.notes().isEmpty()) {
            firings.addAll(apply(tick, draft, false));
        }
        clear(tick);
        for (String name : Fork.due(stores, tick.timestampMs(), MOST_FORKS_DUE)) {
            StateDraft drop = new StateDraft(stores, stores.history(), tick.timestampMs(), Op.EXPIRE);
            Forks.expire(drop, name);
            apply(tick, drop, true);
        }
    }
}
