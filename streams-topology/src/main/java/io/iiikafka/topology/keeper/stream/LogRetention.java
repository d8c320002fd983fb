package io.iiikafka.topology.keeper.stream;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * Decides which events stay in the logs of groups, and takes the others out.
 *
 * <p>What is too many goes with the event that comes on top. What is too old is found by notes, {@code log-due/<when>/<group>},
 * one per group and hour: now and then a command looks for those that are due, so idle groups are swept, too, and
 * no clock is needed.
 */
final class LogRetention {

    private static final long HOUR_MS = 3_600_000;
    private static final int SWEPT_AT_ONCE = 200;
    private static final int SWEEP_EVERY = 16;
    private static final String DUE = "log-due/";

    private final ReplaySettings settings;

    LogRetention(ReplaySettings settings) {
        this.settings = settings;
    }

    ReplayRule of(String stream) {
        return settings.of(stream);
    }

    long consumerGroupTtlMs() {
        return settings.consumerGroupTtlMs();
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
            stores.putNote(due((hour + 1) * HOUR_MS + rule.maxAgeMs()) + "/" + group.recordKey(), RawJson.NULL);
            return cut.due(hour);
        }
        return cut;
    }

    private static String due(long ms) {
        return DUE + String.format("%015d", ms);
    }

    /** Takes some of what is too old out of the logs of this partition. */
    void sweep(StreamStores stores, long commandOffset, long nowMs) {
        if (commandOffset % SWEEP_EVERY != 0) {
            return;
        }
        for (String due : stores.notes(DUE, due(nowMs), 1)) {
            StreamGroup group = StreamGroup.parse(due.substring(due(0).length() + 1));
            GroupInfo info = stores.group(group);
            long kept = StreamLog.Bounds.of(stores.log(), group, info, of(group.stream()), nowMs).earliest();
            long first = Math.min(kept, info.earliest() + SWEPT_AT_ONCE);
            for (long offset = info.earliest(); offset < first; offset++) {
                stores.log().remove(group, offset);
            }
            stores.putGroup(group, info.from(first));
            if (first == kept) {
                stores.putNote(due, null);
            }
        }
    }
}
