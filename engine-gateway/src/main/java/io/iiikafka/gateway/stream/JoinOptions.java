package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What a join asks for beyond a plain subscription (spec: stream.md 13.2).
 *
 * @param from where in the log of the group to begin, as {@code stream::read} takes it; null: behind the last event
 * @param sync whether what is there now comes first
 * @param onGap {@code error}, {@code earliest} or {@code sync}: what to do when wanted events are no longer kept
 * @param types of the events that are wanted; empty: all
 * @param maxRate events per second while the log is read; 0: no limit
 * @param announces whether the client is told when it has caught up: unless it asks for offsets and nothing else
 * @param consumer null: it does not consume
 */
record JoinOptions(
        @Nullable RawJson from,
        boolean sync,
        String onGap,
        Set<String> types,
        int maxRate,
        boolean announces,
        @Nullable ConsumerOptions consumer) {

    private static final Set<String> TYPES = Set.of(Frame.CREATE, Frame.UPDATE, Frame.DELETE, Frame.EVENT);
    private static final Set<String> ON_GAP = Set.of("error", "earliest", "sync");
    private static final RawJson LATEST = RawJson.of("\"latest\"");

    /**
     * Null when none of the options is there, so that the subscription is a plain one.
     *
     * @throws BadJoin when one of them makes no sense
     */
    static @Nullable JoinOptions read(JsonNode data) {
        boolean used = false;
        for (String name : List.of("from", "sync", "onGap", "types", "maxRate", "consumerGroup")) {
            used |= data.hasNonNull(name);
        }
        if (!used && !flag(data, "offsets", false)) {
            return null;
        }
        RawJson from = place(data, "from");
        boolean fromNow = from == null || from.equals(LATEST);
        String onGap = data.path("onGap").asText("error");
        Set<String> types = types(data.path("types"));
        return new JoinOptions(
                from,
                flag(data, "sync", fromNow),
                onGap(data.hasNonNull("onGap") ? onGap : "error"),
                types,
                rate(data.path("maxRate")),
                used,
                ConsumerOptions.read(data, types));
    }

    private static boolean flag(JsonNode data, String name, boolean otherwise) {
        JsonNode flag = data.path(name);
        if (!flag.isMissingNode() && !flag.isNull() && !flag.isBoolean()) {
            throw new BadJoin("`" + name + "` must be true or false");
        }
        return flag.asBoolean(otherwise);
    }

    /** A place in the log; null when none is named. */
    static @Nullable RawJson place(JsonNode data, String member) {
        JsonNode from = data.path(member);
        if (from.isMissingNode() || from.isNull()) {
            return null;
        }
        if (from.isTextual() && (from.textValue().equals("latest") || from.textValue().equals("earliest"))) {
            return RawJson.ofValue(from.textValue());
        }
        List<RawJson> read = new ArrayList<>();
        for (String name : List.of("offset", "timestamp", "last")) {
            JsonNode number = from.path(name);
            if (number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= leastOf(name)) {
                read.add(JsonBuilder.object().member(name, number.longValue()).build());
            }
        }
        if (read.size() != 1 || from.size() != 1) {
            throw new BadJoin("`" + member
                    + "` must be \"latest\", \"earliest\", {\"offset\":n}, {\"timestamp\":ms} or {\"last\":n}");
        }
        return read.getFirst();
    }

    /** Offsets begin at 1. */
    private static int leastOf(String name) {
        return name.equals("offset") ? 1 : 0;
    }

    private static String onGap(String onGap) {
        if (!ON_GAP.contains(onGap)) {
            throw new BadJoin("`onGap` must be \"error\", \"earliest\" or \"sync\"");
        }
        return onGap;
    }

    private static Set<String> types(JsonNode given) {
        Set<String> types = new TreeSet<>();
        given.forEach(type -> types.add(type.asText()));
        if (!given.isMissingNode() && !given.isNull() && (!given.isArray() || !TYPES.containsAll(types))) {
            throw new BadJoin("`types` must be an array of create, update, delete, event");
        }
        return types;
    }

    private static int rate(JsonNode rate) {
        if (rate.isMissingNode() || rate.isNull()) {
            return 0;
        }
        if (!rate.isIntegralNumber() || !rate.canConvertToInt() || rate.intValue() < 1) {
            throw new BadJoin("`maxRate` must be a whole number of events per second, at least 1");
        }
        return rate.intValue();
    }

    /** A join that is understood, and cannot be served as it stands. */
    static final class BadJoin extends RuntimeException {

        private static final long serialVersionUID = 1;

        BadJoin(String problem) {
            super(problem, null, false, false);
        }
    }
}
