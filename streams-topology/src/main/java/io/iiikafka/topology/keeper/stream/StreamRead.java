package io.iiikafka.topology.keeper.stream;

import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code stream::read}: events of a group's log (spec: stream.md 13.3). It looks at no more than some thousand events at
 * once; where a filter leaves few of them, gateways ask again from {@code next_offset}, and they do the waiting, too.
 *
 * <p>With {@code "order":"desc"} the same events come newest first, and {@code next_offset} is for {@code to}.
 */
final class StreamRead extends LogFunction {

    static final String ID = "stream::read";

    private static final int MOST_LOOKED_AT = 5_000;

    StreamRead(ReplaySettings settings) {
        super(ID, "Read events of a group again", StreamSchemas.READ_REQUEST, StreamSchemas.READ, settings);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, StreamGroup group, StreamLog.Bounds bounds) {
        boolean descending = oneOf(input, "order", "asc", "desc").equals("desc");
        boolean fromEarliest = oneOf(input, "on_gap", "error", "earliest").equals("earliest");
        String item = input.optionalText("item_id");
        Set<String> types = types(input);
        long limit = input.integer("limit", 1, 1_000, 100);
        long maxBytes = input.integer("max_bytes", 1_024, 8_000_000, 1_000_000);
        StreamLog log = draft.stores().log();
        LogStart start = LogStart.of(input, "from");
        long from = (start == null ? new LogStart.Earliest() : start).resolve(log, group, bounds, fromEarliest);
        long to = to(input, log, group, bounds);

        Page page = new Page(limit, maxBytes, item, types);
        log.scan(group, from, to, !descending, page::take);
        long next = page.lastSeen < 0 ? (descending ? to : from) : page.lastSeen + (descending ? -1 : 1);
        return new Outcome.Success(JsonBuilder.object(page.bytes + 200)
                .member("events", page.events.build())
                .member("next_offset", next)
                .member("earliest_offset", bounds.earliest())
                .member("latest_offset", bounds.latest())
                .member("end", descending ? next < from : next > to)
                .build());
    }

    private static String oneOf(Input input, String name, String usual, String other) {
        String given = input.optionalText(name);
        if (given != null && !given.equals(usual) && !given.equals(other)) {
            throw input.misfit("`" + name + "` must be \"" + usual + "\" or \"" + other + "\"");
        }
        return given == null ? usual : given;
    }

    /** The last offset that is wanted. */
    private static long to(Input input, StreamLog log, StreamGroup group, StreamLog.Bounds bounds) {
        LogStart end = LogStart.of(input, "to");
        return switch (end) {
            case null -> bounds.latest();
            case LogStart.At at -> Math.min(at.offset(), bounds.latest());
            case LogStart.Since until -> log.offsetAt(group, bounds, until.ms() + 1) - 1;
            case LogStart.Latest latest -> bounds.latest();
            case LogStart.Earliest earliest -> throw input.misfit("`to` must be an offset or a timestamp");
            case LogStart.Last last -> throw input.misfit("`to` must be an offset or a timestamp");
        };
    }

    /** Collects events until there are enough. */
    private static final class Page {

        private final long limit;
        private final long maxBytes;
        private final @Nullable String item;
        private final Set<String> types;
        private final JsonBuilder events = JsonBuilder.array();
        private int count;
        private int bytes;
        private int seen;
        private long lastSeen = -1;

        Page(long limit, long maxBytes, @Nullable String item, Set<String> types) {
            this.limit = limit;
            this.maxBytes = maxBytes;
            this.item = item;
            this.types = types;
        }

        /** Whether more may follow. */
        boolean take(LogEntry entry) {
            boolean all = item == null && types.isEmpty();
            if (all || entry.matches(item, types)) {
                if (count > 0 && bytes + entry.record().length() > maxBytes) {
                    return false;
                }
                events.element(entry.record());
                count++;
                bytes += entry.record().length() + 1;
            }
            lastSeen = entry.offset();
            seen++;
            return count < limit && seen < MOST_LOOKED_AT;
        }
    }
}
