package io.iiikafka.topology.keeper.stream;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::get_at}: an item, or all items of a group, as they were right after an offset or at a time (spec:
 * stream.md 13.3). Reads the group's log once from end to end.
 */
final class StreamGetAt extends LogFunction {

    /** All others of the partition wait meanwhile. */
    private static final int MOST = 200_000;

    StreamGetAt(ReplaySettings settings) {
        super("stream::get_at", "Items as they once were", StreamSchemas.GET_AT_REQUEST, null, settings);
    }

    /** What the log, or the store, says of an item. */
    private static final class Traces {

        private @Nullable LogEntry before;
        private @Nullable LogEntry after;
        private @Nullable StreamItem now;
    }

    /** An item as it was. */
    private record Then(String id, long order, RawJson value) {}

    @Override
    Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        long at = at(input, draft.stores().log(), group, bounds);
        if (at < bounds.earliest() - 1 || at > bounds.latest()) {
            throw LogStart.outOfRange(at, bounds);
        }
        String item = input.optionalText("item_id");
        check(group, item, bounds, at, draft);
        Map<String, Traces> traces = traces(draft.stores(), group, item, bounds, at);
        List<Then> then = traces.entrySet().stream()
                .map(each -> then(each.getKey(), each.getValue(), bounds, at))
                .filter(Objects::nonNull)
                .sorted(Comparator.comparingLong(Then::order))
                .toList();
        return new Outcome.Success(item == null ? all(then, at) : one(then, at));
    }

    /** Of one item the log is looked at, if it was changed since; of all, the stored items, too. */
    private static void check(
            StreamGroup group, @Nullable String item, StreamLog.Bounds bounds, long at, StreamDraft draft) {
        long entries = bounds.latest() - bounds.earliest() + 1;
        if (item == null) {
            entries += draft.group(group).items();
        } else {
            StreamItem now = draft.get(group, item);
            if (now != null && now.offset() <= at) {
                return;
            }
        }
        if (entries > MOST) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    (item == null ? "Items and log" : "The log") + " of group '" + group.group() + "' have more than " + MOST + " entries, the limit of what"
                            + " is looked at in one go; read the log page by page by stream::read.");
        }
    }

    private static long at(Input input, StreamLog log, StreamGroup group, StreamLog.Bounds bounds) {
        long offset = input.integer("offset", 0, Long.MAX_VALUE, -1);
        long timestamp = input.integer("timestamp", 0, Long.MAX_VALUE, -1);
        if (offset < 0 == timestamp < 0) {
            throw input.misfit("one of `offset` and `timestamp` must be given");
        }
        return offset >= 0 ? offset : log.offsetAt(group, bounds, timestamp + 1) - 1;
    }

    private static Map<String, Traces> traces(
            StreamStores stores, StreamGroup group, @Nullable String item, StreamLog.Bounds bounds, long at) {
        if (item != null) {
            return Map.of(item, traces(item, stores, group, bounds, at));
        }
        Map<String, Traces> traces = new LinkedHashMap<>();
        stores.log().scan(group, bounds.earliest(), bounds.latest(), true, entry -> {
            String id = entry.id();
            if (id != null && !entry.type().equals(StreamEvent.SENT)) {
                Traces of = traces.computeIfAbsent(id, first -> new Traces());
                if (entry.offset() <= at) {
                    of.before = entry;
                } else if (of.after == null) {
                    of.after = entry;
                }
            }
            return true;
        });
        stores.forEachItem(group, (id, now) -> traces.computeIfAbsent(id, first -> new Traces()).now = now);
        return traces;
    }

    /** Looks from there to both sides, no further than it must. */
    private static Traces traces(
            String item, StreamStores stores, StreamGroup group, StreamLog.Bounds bounds, long at) {
        Traces traces = new Traces();
        traces.now = stores.get(group, item);
        if (traces.now != null && traces.now.offset() <= at) {
            return traces;
        }
        stores.log().scan(group, bounds.earliest(), at, false, entry -> {
            traces.before = isOf(item, entry) ? entry : null;
            return traces.before == null;
        });
        if (traces.before == null) {
            stores.log().scan(group, at + 1, bounds.latest(), true, entry -> {
                traces.after = isOf(item, entry) ? entry : null;
                return traces.after == null;
            });
        }
        return traces;
    }

    private static boolean isOf(String item, LogEntry entry) {
        return item.equals(entry.id()) && !entry.type().equals(StreamEvent.SENT);
    }

    /** Null when there was none. */
    private static @Nullable Then then(String id, Traces of, StreamLog.Bounds bounds, long at) {
        if (of.now != null && of.now.offset() <= at) {
            return new Then(id, of.now.order(), of.now.value());
        }
        LogEntry source = of.before;
        if (source == null) {
            source = of.after;
            if (source == null || source.type().equals(StreamEvent.CREATE)) {
                return null;
            }
            if (source.type().equals(StreamEvent.UPDATE)) { // to what it was, nothing leads back
                throw LogStart.outOfRange(at, bounds);
            }
        } else if (source.type().equals(StreamEvent.DELETE)) {
            return null;
        }
        if (source.data() == null) { // it was too long to be kept
            throw LogStart.outOfRange(at, bounds);
        }
        return new Then(id, source.order(), source.data());
    }

    private static RawJson one(List<Then> then, long at) {
        return JsonBuilder.object()
                .member("value", then.isEmpty() ? RawJson.NULL : then.getFirst().value())
                .member("exists", !then.isEmpty())
                .member("offset", at)
                .build();
    }

    private static RawJson all(List<Then> then, long at) {
        JsonBuilder values = JsonBuilder.array();
        then.forEach(each -> values.element(
                JsonBuilder.object().member("id", each.id()).member("value", each.value()).build()));
        return JsonBuilder.object().member("values", values.build()).member("offset", at).build();
    }
}
