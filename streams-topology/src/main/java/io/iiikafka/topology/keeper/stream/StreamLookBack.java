package io.iiikafka.topology.keeper.stream;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.trigger.LookBack;
import io.iiikafka.topology.keeper.trigger.TriggersByPlace.Registered;
import org.jspecify.annotations.Nullable;

/**
 * Tells triggers of what the logs of their groups hold (spec: stream.md 13.5). The note {@code start-at/<trigger>}, a zero
 * byte and the group is the offset of the next event. Of updates the log does not hold the value before.
 */
final class StreamLookBack extends LookBack<StreamTriggerConfig> {

    private final StreamTriggers triggers;
    private final StreamStores stores;
    private final LogRetention retention;

    StreamLookBack(StreamTriggers triggers, StreamStores stores, LogRetention retention) {
        super(triggers.index());
        this.triggers = triggers;
        this.stores = stores;
        this.retention = retention;
    }

    /** Whether the trigger will hear of the event by this. */
    boolean takes(Registered<StreamTriggerConfig> trigger, StreamEvent event) {
        return trigger.config().looksBack() && retention.keeps(event) && takes(trigger);
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
    protected boolean tell(Registered<StreamTriggerConfig> trigger, Command tick, List<Firing> firings) {
        List<StreamGroup> groups = groups(trigger.config());
        int left = PAGE;
        for (StreamGroup group : groups) {
            left -= tell(trigger, group, left, tick, firings);
            if (left <= 0) {
                return false;
            }
        }
        groups.forEach(group -> note(at(trigger, group), null));
        return true;
    }

    private List<StreamGroup> groups(StreamTriggerConfig config) {
        List<StreamGroup> groups = new ArrayList<>();
        stores.forEachLog(config.place(), group -> {
            if (config.hearsOf(group) && retention.of(group.stream()).enabled()) {
                groups.add(group);
            }
        });
        return groups;
    }

    private static String at(Registered<StreamTriggerConfig> trigger, StreamGroup group) {
        return "start-at/" + trigger.name() + '\0' + group.recordKey();
    }

    /** Tells of so many events at most; gives how many were looked at. */
    private int tell(
            Registered<StreamTriggerConfig> trigger, StreamGroup group, int most, Command tick, List<Firing> firings) {
        StreamLog log = stores.log();
        StreamLog.Bounds bounds = StreamLog.Bounds.of(
                log, group, stores.group(group), retention.of(group.stream()), tick.timestampMs());
        RawJson at = note(at(trigger, group));
        long from = at == null
                ? first(requireNonNull(trigger.config().start()), log, group, bounds)
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

    /** Where an offset is wanted that is no more, or not yet, the nearest will do. */
    private static long first(LogStart start, StreamLog log, StreamGroup group, StreamLog.Bounds bounds) {
        return start instanceof LogStart.At at
                ? Math.clamp(at.offset(), bounds.earliest(), bounds.latest() + 1)
                : start.resolve(log, group, bounds, true);
    }

    private static StreamChange change(StreamGroup group, LogEntry entry) {
        StreamEvent event =
                new StreamEvent(group, entry.id(), entry.event(), entry.timestampMs(), entry.offset(), entry.eventId());
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
