package io.iiikafka.topology.keeper.stream;

import java.util.HashSet;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The items of a group as they were right after an offset, given out in pages while the group goes on changing: what the
 * stores' iterators show does not change. What was not changed since is as it is stored; of what was, the last event before
 * tells, and of what the log does not reach back to, the first event after. Of one item the log is looked at no further
 * than it must.
 *
 * <p>The first row of all is the offset, the others are {@code [<order>,{"id":…,"value":…}]}, in no particular order.
 */
final class OpenPast implements OpenPages {

    private enum Part {
        STORED,
        BEFORE,
        AFTER,
        NONE
    }

    private final @Nullable String only;
    private final StreamLog.Bounds bounds;
    private final long at;
    private final ItemScan stored;
    private final StreamLog.Scan before;
    private final StreamLog.Scan after;
    /** Items of which it is known what they were, as far as the log can name them again. */
    private final Set<String> known = new HashSet<>();

    private Part part;
    /** The row of the one item that is as it was. */
    private @Nullable RawJson now;

    private boolean begun;
    private long lookedBytes;

    private OpenPast(@Nullable String only, StreamLog.Bounds bounds, long at, StreamGroup group, StreamStores stores) {
        this.only = only;
        this.bounds = bounds;
        this.at = at;
        this.stored = stores.scan(group);
        this.before = stores.log().open(group, bounds.earliest(), at, false);
        this.after = stores.log().open(group, at + 1, bounds.latest(), true);
        this.part = Part.STORED;
    }

    /** @param only of which item; null: of all */
    static OpenPast of(
            StreamGroup group, @Nullable String only, StreamLog.Bounds bounds, long at, StreamStores stores) {
        OpenPast past = new OpenPast(only, bounds, at, group, stores);
        if (only != null) {
            past.begin(stores.get(group, only));
        }
        return past;
    }

    private void begin(@Nullable StreamItem item) {
        if (item != null && item.offset() <= at) {
            now = row(String.valueOf(only), item.order(), item.value());
            part = Part.NONE;
        } else {
            part = Part.BEFORE;
        }
    }

    @Override
    public Page next(Measure most, String cursor) {
        JsonBuilder rows = JsonBuilder.array();
        if (!begun) {
            begun = true;
            rows.element(RawJson.of(Long.toString(at)));
            if (now != null) {
                rows.element(now);
            }
        }
        int count = 0;
        int bytes = 0;
        lookedBytes = 0;
        for (int looked = 0; part != Part.NONE; looked++) {
            if (count >= most.rows() || bytes >= most.bytes() || looked >= most.items() || lookedBytes >= 16L * most.bytes()) {
                return new Page(rows.build(), cursor, 0);
            }
            RawJson row = step();
            if (row != null) {
                rows.element(row);
                count++;
                bytes += row.length();
            }
        }
        return new Page(rows.build(), null, 0);
    }

    /** Looks at one entry; gives the row that it makes, if it makes one. */
    private @Nullable RawJson step() {
        return switch (part) {
            case STORED -> fromStore();
            case BEFORE -> fromLog(before, Part.AFTER);
            case AFTER -> fromLog(after, Part.NONE);
            case NONE -> null;
        };
    }

    private @Nullable RawJson fromStore() {
        if (!stored.next()) {
            part = Part.BEFORE;
            return null;
        }
        StreamItem item = stored.item();
        lookedBytes += item.value().length();
        if (item.offset() > at) {
            return null;
        }
        if (item.offset() >= bounds.earliest()) {
            known.add(stored.id());
        }
        return row(stored.id(), item.order(), item.value());
    }

    private @Nullable RawJson fromLog(StreamLog.Scan log, Part then) {
        LogEntry entry = log.next();
        if (entry == null) {
            part = then;
            return null;
        }
        lookedBytes += entry.record().length();
        String id = entry.id();
        if (id == null || only != null && !only.equals(id) || entry.type().equals(StreamEvent.SENT) || !known.add(id)) {
            return null;
        }
        if (only != null) {
            part = Part.NONE;
        }
        RawJson value = log == before ? wasBefore(entry) : wasUntil(entry);
        return value == null ? null : row(id, entry.order(), value);
    }

    /** What the event made of its item; null: it took it away. */
    private @Nullable RawJson wasBefore(LogEntry entry) {
        return entry.type().equals(StreamEvent.DELETE) ? null : kept(entry);
    }

    /** What the event found; null: nothing. To what an update found, nothing leads back. */
    private @Nullable RawJson wasUntil(LogEntry entry) {
        return switch (entry.type()) {
            case StreamEvent.CREATE -> null;
            case StreamEvent.DELETE -> kept(entry);
            default -> throw LogStart.outOfRange(at, bounds);
        };
    }

    /** @throws Refusal when it was too long to be kept */
    private RawJson kept(LogEntry entry) {
        RawJson data = entry.data();
        if (data == null) {
            throw LogStart.outOfRange(at, bounds);
        }
        return data;
    }

    private static RawJson row(String id, long order, RawJson value) {
        return ListWish.placed(
                order, JsonBuilder.object().member("id", id).member("value", value).build());
    }

    @Override
    public void close() {
        stored.close();
        before.close();
        after.close();
    }
}
