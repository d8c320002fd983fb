package io.iiikafka.topology.keeper.state;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Refusal;

/** Forks of one partition: who has which, and what goes with them. */
final class Forks {

    private Forks() {}

    /** The forks of a scope, by name. */
    static List<Fork> of(StateDraft draft, String parent) {
        List<Fork> forks = new ArrayList<>();
        String prefix = Fork.childrenOf(parent);
        draft.view().forEachNote(prefix, (name, base) -> {
            Fork fork = Fork.find(draft, name.substring(prefix.length()));
            if (fork != null) {
                forks.add(fork);
            }
        });
        return forks;
    }

    /**
     * Takes a fork away, with all that it holds; no trigger hears of it. Of much of that {@linkplain ForkRemains the rest} is
     * cleared away later.
     *
     * @throws Refusal when it has forks, and they shall stay
     */
    static void drop(StateDraft draft, Fork fork, boolean recursive) {
        List<Fork> children = of(draft, fork.scope());
        if (!children.isEmpty() && !recursive) {
            throw new Refusal(
                    ErrorCode.FORK_IN_USE,
                    "'" + fork.scope() + "' has " + children.size() + " forks; drop them before, or with `recursive`.");
        }
        children.forEach(child -> drop(draft, child, true));
        fork.forget(draft);
        ScopeInfo counters = draft.scope(fork.scope());
        long revision = counters.revision();
        draft.count(
                fork.scope(),
                new ScopeInfo(
                        0, counters.lastOrder(), revision, counters.floor(), 0, revision, revision, counters.removed()));
        long pinned = of(draft, fork.parent()).stream().mapToLong(Fork::base).max().orElse(0);
        draft.count(fork.parent(), draft.scope(fork.parent()).withPinned(pinned));
        ForkRemains.of(fork).clear(draft);
    }

    /** Takes the fork of a {@linkplain Fork#due due} note away, if its time is over; the note goes. */
    static void expire(StateDraft draft, String name) {
        draft.note(name, null);
        Fork fork = Fork.find(draft, Fork.scopeDue(name));
        if (fork == null || !fork.isOver(draft.nowMs())) {
            return; // it was used, and has a later note
        }
        if (of(draft, fork.scope()).isEmpty()) {
            drop(draft, fork, false);
        } else {
            fork.renewed(draft.nowMs()).note(draft); // it lives as long as its forks
        }
    }
}
