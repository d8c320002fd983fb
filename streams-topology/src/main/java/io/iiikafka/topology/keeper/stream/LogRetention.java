package io.iiikafka.topology.keeper.stream;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Due;

/**
 * Decides which events stay in the logs of groups, and takes the others out.
 *
 * <p>What is too many goes with the event that comes on top. What is too old is found by notes, {@code log-due/<when>/<group>},
 * one per group and hour: each command sees to more of those that are due than it makes, so idle groups are swept, too, and
 * no clock is needed.
 */
final class LogRetention {

    private static final long HOUR_MS = 3_600_000;
    private static final int SWEPT_AT_ONCE = 200;
    private static final int DUE_AT_ONCE = 4;
    private static final long FAR = 999_999_999_999_998L;
    private static final String DUE = "log-due/";

    private final ReplaySettings settings;

    /** Before then no note is due: no command needs to look for one. */
    private long nextDueMs;

    LogRetention(ReplaySettings settings) {
        this.settings = settings;
    }

    ReplayRule of(String stream) {
        return settings.of(stream);
    }

    boolean keeps(StreamEvent event) {
        return event.isLogged() && of(event.group().stream()).enabled();
    }

    /** The counters after an event, with the log cut to what may stay. */
    GroupInfo trimmed(StreamGroup group, GroupInfo info, StreamStores stores) {
        ReplayRule rule = of(group.stream());
        long first = info.earliest();
        if (!rule.enabled()) {
            first = info.offset() + 1;
        } else if (rule.maxEvents() > 0) {
            first = Math.max(first, info.offset() - rule.maxEvents() + 1);
        }
        for (long offset = info.earliest(); offset < first; offset++) {
            stores.log().remove(group, offset);
        }
        GroupInfo cut = info.from(first);
        long hour = info.clockMs() / HOUR_MS;
        if (rule.enabled() && rule.maxAgeMs() > 0 && hour != info.dueHour()) {
            long dueMs = (hour + 1) * HOUR_MS + rule.maxAgeMs();
            stores.putNote(Due.name(DUE, dueMs, group.recordKey()), RawJson.NULL);
            nextDueMs = Math.min(nextDueMs, dueMs);
            return cut.due(hour);
        }
        return cut;
    }

    /** Takes some of what is too old out of the logs of this partition. */
    void sweep(StreamStores stores, long nowMs) {
        if (nowMs < nextDueMs) {
            return;
        }
        long left = SWEPT_AT_ONCE;
        for (String due : due(stores, nowMs, DUE_AT_ONCE)) {
            left -= sweep(stores, due, nowMs, left);
        }
        List<String> next = due(stores, FAR, 1);
        nextDueMs = next.isEmpty() ? Long.MAX_VALUE : Due.ms(DUE, next.getFirst());
    }

    private static List<String> due(StreamStores stores, long nowMs, int most) {
        return stores.notes(DUE, Due.name(DUE, nowMs + 1, ""), most);
    }

    /** Gives how many events it took out, at most so many. */
    private long sweep(StreamStores stores, String due, long nowMs, long most) {
        StreamGroup group = StreamGroup.parse(Due.what(DUE, due));
        GroupInfo info = stores.group(group);
        long kept = StreamLog.Bounds.of(stores.log(), group, info, of(group.stream()), nowMs).earliest();
        long first = Math.min(kept, info.earliest() + most);
        for (long offset = info.earliest(); offset < first; offset++) {
            stores.log().remove(group, offset);
        }
        stores.putGroup(group, info.from(first));
        if (first == kept) {
            stores.putNote(due, null);
        }
        return first - info.earliest();
    }
}
