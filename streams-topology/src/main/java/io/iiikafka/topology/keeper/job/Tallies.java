package io.iiikafka.topology.keeper.job;

import java.util.HashMap;
import java.util.Map;

/** How the attempts of each queue and subscription ended since the partition was opened here. */
final class Tallies {

    record Tally(long delivered, long failed) {

        static final Tally NONE = new Tally(0, 0);

        Tally plus(boolean success) {
            return new Tally(delivered + (success ? 1 : 0), failed + (success ? 0 : 1));
        }
    }

    private final Agreements agreements;
    private final Map<String, Tally> tallies = new HashMap<>();

    Tallies(Agreements agreements) {
        this.agreements = agreements;
    }

    /** An attempt of the queue is over. */
    void add(String queue, boolean success) {
        if (Agreements.holds(queue) && (tallies.containsKey(queue) || !agreements.hasEnded(queue))) {
            tallies.compute(queue, (name, before) -> (before == null ? Tally.NONE : before).plus(success));
        }
    }

    Tally of(String queue) {
        return tallies.getOrDefault(queue, Tally.NONE);
    }

    void forget(String queue) {
        tallies.remove(queue);
    }
}
