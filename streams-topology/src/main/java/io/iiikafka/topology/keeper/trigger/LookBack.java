package io.iiikafka.topology.keeper.trigger;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import org.jspecify.annotations.Nullable;

/**
 * Tells triggers of what was before they were registered ({@code start}), bit by bit between other commands; of what comes
 * meanwhile, too, in its turn, so that nothing is missed or told twice where the past ends. Of one partition, used on its
 * thread.
 *
 * <p>Notes: {@code start/<trigger>} is {@code true} when its past has been told on this partition.
 */
public abstract class LookBack<C extends TriggerConfig> {

    /** So many events are told at once. */
    protected static final int PAGE = 200;

    private static final RawJson TOLD = RawJson.of("true");

    private final TriggersByPlace<C> triggers;
    private boolean unfinished;

    protected LookBack(TriggersByPlace<C> triggers) {
        this.triggers = triggers;
        this.unfinished = !triggers.lookingBack().isEmpty();
    }

    /** Whether there is more to be told at once. */
    public boolean isUnfinished() {
        return unfinished;
    }

    /** Whether the trigger will hear of what happens now by this. */
    public boolean takes(Registered<C> trigger) {
        return trigger.config().looksBack() && note("start/" + trigger.name()) == null;
    }

    /** Tells the next bit. */
    public List<Firing> next(Command tick) {
        unfinished = false;
        List<Firing> firings = new ArrayList<>();
        List<Registered<C>> live = triggers.lookingBack();
        forgetAllBut(live.stream().map(Registered::name).collect(Collectors.toSet()));
        for (Registered<C> trigger : live) {
            if (takes(trigger)) {
                if (tell(trigger, tick, firings)) {
                    note("start/" + trigger.name(), TOLD);
                } else {
                    unfinished = true;
                }
            }
        }
        return firings;
    }

    /** Adds what the trigger is to be told next; whether that was the last. */
    protected abstract boolean tell(Registered<C> trigger, Command tick, List<Firing> firings);

    /**
     * Lets go of what is in memory only for triggers other than these, which are gone. Notes stay: a trigger that is
     * registered again goes on where it was.
     */
    protected abstract void forgetAllBut(Set<String> names);

    protected abstract @Nullable RawJson note(String name);

    /** Keeps the note, or takes it away when it is null. */
    protected abstract void note(String name, @Nullable RawJson note);
}
