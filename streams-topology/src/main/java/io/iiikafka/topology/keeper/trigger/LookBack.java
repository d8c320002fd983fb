package io.iiikafka.topology.keeper.trigger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * <p>Notes: {@code start/<trigger>} is there when its past has been told on this partition; {@code start-at/…} says how far it
 * is told. {@link Absences} removes them when the trigger is gone.
 */
public abstract class LookBack<C extends TriggerConfig, W> {

    /** So many events are told at once. */
    protected static final int PAGE = 200;

    /** What a registration is still to be told of; in memory only, and gone through anew after a restart. */
    private record Begun<W>(long registration, W walk) {}

    private static final RawJson TOLD = RawJson.of("true");

    private final TriggersByPlace<C> triggers;
    private final Absences absences = new Absences(this::note, this::note, this::notes);
    private final Map<String, Begun<W>> begun = new HashMap<>();
    private boolean unfinished;

    protected LookBack(TriggersByPlace<C> triggers) {
        this.triggers = triggers;
        this.unfinished = !triggers.lookingBack().isEmpty();
    }

    /** Whether there is more to be told at once. */
    public boolean isUnfinished() {
        return unfinished;
    }

    /**
     * Whether the trigger will hear of what happens now by this: soon then, also where nobody has said yet that the trigger
     * is there.
     */
    public boolean takes(Registered<C> trigger) {
        boolean takes = isBehind(trigger);
        unfinished |= takes;
        return takes;
    }

    private boolean isBehind(Registered<C> trigger) {
        return trigger.config().looksBack() && !isTold(trigger, note(Absences.TOLD + trigger.name()));
    }

    /** Tells the next bit. */
    public List<Firing> next(Command tick) {
        unfinished = false;
        List<Firing> firings = new ArrayList<>();
        List<Registered<C>> live = triggers.lookingBack();
        begun.keySet().retainAll(names(live));
        for (Registered<C> trigger : live) {
            if (isBehind(trigger)) {
                if (tell(trigger, walk(trigger), tick, firings)) {
                    begun.remove(trigger.name());
                    note(Absences.TOLD + trigger.name(), told(trigger));
                    absences.noted(tick.timestampMs());
                } else {
                    unfinished = true;
                }
            }
        }
        return firings;
    }

    private static <C extends TriggerConfig> Set<String> names(List<Registered<C>> triggers) {
        return triggers.stream().map(Registered::name).collect(Collectors.toSet());
    }

    private W walk(Registered<C> trigger) {
        Begun<W> known = begun.get(trigger.name());
        if (known != null && known.registration() == trigger.offset()) {
            return known.walk();
        }
        W walk = begin(trigger);
        begun.put(trigger.name(), new Begun<>(trigger.offset(), walk));
        return walk;
    }

    /** What the trigger is still to be told of, so that what comes now can join it; null: it has not been looked for. */
    protected final @Nullable W begun(Registered<C> trigger) {
        Begun<W> known = begun.get(trigger.name());
        return known == null ? null : known.walk();
    }

    /** When notes of triggers that are gone are to be removed next, in epoch milliseconds. */
    public long forgetsMs() {
        return absences.nextDueMs();
    }

    /** Removes what was noted of triggers that have been gone for long. */
    public void forget(long nowMs) {
        if (nowMs >= absences.nextDueMs()) {
            absences.tick(names(triggers.lookingBack()), nowMs);
        }
    }

    /** Begins to look for what the trigger is to be told of. */
    protected abstract W begin(Registered<C> trigger);

    /** Adds what the trigger is to be told next; whether that was the last. */
    protected abstract boolean tell(Registered<C> trigger, W walk, Command tick, List<Firing> firings);

    /** Whether the note says that all was told to this registration. */
    protected boolean isTold(Registered<C> trigger, @Nullable RawJson note) {
        return note != null;
    }

    /** The note that says so. */
    protected RawJson told(Registered<C> trigger) {
        return TOLD;
    }

    protected abstract @Nullable RawJson note(String name);

    /** Keeps the note, or takes it away when it is null. */
    protected abstract void note(String name, @Nullable RawJson note);

    /** The first names of notes from one, inclusive, to another, exclusive. */
    protected abstract List<String> notes(String from, String before, int most);
}
