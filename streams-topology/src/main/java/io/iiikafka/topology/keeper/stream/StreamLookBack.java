package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.LookBack;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import org.jspecify.annotations.Nullable;

/**
 * Tells triggers of what the logs of their groups hold (spec: stream.md 13.5). The note {@code start-at/<trigger>}, a zero
 * byte and the group is the offset of the next event. Of updates the log does not hold the value before.
 *
 * <p>Groups are looked for bit by bit, too, by key; what comes meanwhile has its group looked at again. Where a trigger was
 * is forgotten in the same way: {@code start-clear/<trigger>} is {@code true} until it is.
 */
final class StreamLookBack extends LookBack<StreamTriggerConfig, StreamLookBack.Walk> {

    /** So many groups or notes are looked at at once. */
    private static final int KEYS = 2_000;

    private static final String AT = "start-at/";
    private static final String CLEAR = "start-clear/";
    private static final String BEHIND_CLEAR = "start-clear0";

    /** What one registration is still to be told of; in memory only, and gone through anew after a restart. */
    static final class Walk {
        private final Set<StreamGroup> groups = new LinkedHashSet<>();

        /** The key from which on groups are still to be looked for; null: all have been found. */
        private @Nullable String from;

        Walk(String from) {
            this.from = from;
        }
    }

    private final StreamTriggers triggers;
    private final StreamStores stores;
    private final LogRetention retention;
    private boolean clearing;

    StreamLookBack(StreamTriggers triggers, StreamStores stores, LogRetention retention) {
        super(triggers.index());
        this.triggers = triggers;
        this.stores = stores;
        this.retention = retention;
        this.clearing = !stores.notes(CLEAR, BEHIND_CLEAR, 1).isEmpty();
    }

    /** Whether the trigger will hear of the event by this. */
    boolean takes(Registered<StreamTriggerConfig> trigger, StreamEvent event) {
        if (!trigger.config().looksBack() || !retention.keeps(event) || !takes(trigger)) {
            return false;
        }
        Walk walk = begun(trigger);
        if (walk != null) {
            walk.groups.add(event.group());
        }
        return true;
    }

    @Override
    public boolean isUnfinished() {
        return super.isUnfinished() || clearing;
    }

    @Override
    public List<Firing> next(Command tick) {
        List<Firing> firings = super.next(tick);
        clear();
        return firings;
    }

    @Override
    protected Walk begin(Registered<StreamTriggerConfig> trigger) {
        return new Walk(within(trigger.config()));
    }

    @Override
    protected List<String> notes(String from, String before, int most) {
        return stores.notes(from, before, most);
    }

    @Override
    protected @Nullable RawJson note(String name) {
        return stores.note(name);
    }

    @Override
    protected void note(String name, @Nullable RawJson note) {
        stores.putNote(name, note);
    }

    @Override
    protected boolean tell(Registered<StreamTriggerConfig> trigger, Walk walk, Command tick, List<Firing> firings) {
        int left = PAGE;
        while (left > 0) {
            if (walk.groups.isEmpty() && walk.from != null) {
                find(trigger.config(), walk, walk.from);
                if (walk.groups.isEmpty() && walk.from != null) {
                    return false;
                }
            }
            if (walk.groups.isEmpty()) {
                note(CLEAR + trigger.name(), RawJson.of("true"));
                clearing = true;
                return true;
            }
            StreamGroup group = walk.groups.iterator().next();
            int told = tell(trigger, group, left, tick, firings);
            if (told < left) {
                walk.groups.remove(group);
            }
            left -= Math.max(1, told);
        }
        return false;
    }

    /** What the keys of all its groups begin with. */
    private static String within(StreamTriggerConfig config) {
        String stream = config.place();
        return stream == null ? "" : StreamGroup.prefixOf(stream);
    }

    private void find(StreamTriggerConfig config, Walk walk, String from) {
        String within = within(config);
        int[] looked = new int[1];
        walk.from = null;
        stores.forEachGroup(from, (key, info) -> {
            if (!key.startsWith(within)) {
                return false;
            }
            if (++looked[0] > KEYS) {
                walk.from = key;
                return false;
            }
            StreamGroup group = StreamGroup.parse(key);
            if (info.offset() > 0 && config.hearsOf(group) && retention.of(group.stream()).enabled()) {
                walk.groups.add(group);
            }
            return true;
        });
    }

    private void clear() {
        if (!clearing) {
            return;
        }
        for (String note : stores.notes(CLEAR, BEHIND_CLEAR, 1)) {
            String places = AT + note.substring(CLEAR.length());
            List<String> some = stores.notes(places + '\0', places + '\1', KEYS);
            some.forEach(place -> note(place, null));
            if (some.size() < KEYS) {
                note(note, null);
            }
            return;
        }
        clearing = false;
    }

    private static String at(Registered<StreamTriggerConfig> trigger, StreamGroup group) {
        return AT + trigger.name() + '\0' + group.recordKey();
    }

    /** Tells of so many events at most; gives how many were looked at. */
    private int tell(
            Registered<StreamTriggerConfig> trigger, StreamGroup group, int most, Command tick, List<Firing> firings) {
        StreamLog log = stores.log();
        StreamLog.Bounds bounds = StreamLog.Bounds.of(
                log, group, stores.group(group), retention.of(group.stream()), tick.timestampMs());
        RawJson at = note(at(trigger, group));
        long from = at == null
                ? requireNonNull(trigger.config().start()).nearest(log, group, bounds)
                : Math.max(bounds.earliest(), Long.parseLong(at.toString()));
        long to = Math.min(bounds.latest(), from + most - 1);
        log.scan(group, from, to, true, entry -> {
            Firing firing = triggers.replayed(trigger, change(group, entry), tick);
            if (firing != null) {
                firings.add(firing);
            }
            return true;
        });
        note(at(trigger, group), RawJson.of(Long.toString(Math.max(from, to + 1))));
        return (int) Math.max(0, to - from + 1);
    }

    private static StreamChange change(StreamGroup group, LogEntry entry) {
        StreamEvent event =
                new StreamEvent(group, entry.id(), entry.event(), entry.timestampMs(), entry.offset(), entry.eventId(), null);
        RawJson data = entry.data();
        StreamItem item =
                data == null ? null : new StreamItem(data, entry.order(), entry.offset(), entry.timestampMs());
        return switch (entry.type()) {
            case StreamEvent.SENT -> new StreamChange(null, null, null, event);
            case StreamEvent.DELETE -> new StreamChange(entry.id(), item, null, event);
            default -> new StreamChange(entry.id(), null, item, event);
        };
    }
}
