package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was made, as its baggage tells: handlers pass it on, so that what they write names the change that made them
 * run (spec: state.md 12.5). Members: {@code iii.cause}, the event's id; {@code iii.cause.trigger}; {@code iii.cause.at},
 * {@code <scope>/<key>/<version>} of the change; {@code iii.depth}, how many changes led to each other.
 *
 * @param eventId null: no trigger made the call run
 * @param at where that change is to be found; null: not known
 * @param depth 0: no trigger
 */
record Cause(@Nullable String eventId, @Nullable String trigger, @Nullable String at, int depth) {

    private static final String EVENT = "iii.cause";
    private static final String TRIGGER = "iii.cause.trigger";
    private static final String AT = "iii.cause.at";
    private static final String DEPTH = "iii.depth";
    private static final String FUNCTION = "iii.function.id";

    /** Longer names are left out: baggage has to fit into headers. */
    private static final int LONGEST = 1_024;

    private static final RawJson CALL = RawJson.of("{\"kind\":\"call\"}");
    private static final Cause NONE = new Cause(null, null, null, 0);

    static Cause of(Call call) {
        String baggage = call.baggage();
        if (baggage == null || !baggage.contains(EVENT)) {
            return NONE;
        }
        String depth = member(baggage, DEPTH);
        return new Cause(member(baggage, EVENT), member(baggage, TRIGGER), member(baggage, AT), number(depth));
    }

    private static int number(@Nullable String text) {
        try {
            return text == null ? 1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /** The function in whose invocation the call was made; null: not known. */
    static @Nullable String functionIn(@Nullable String baggage) {
        return baggage == null ? null : member(baggage, FUNCTION);
    }

    private static @Nullable String member(String baggage, String name) {
        for (String entry : baggage.split(",")) {
            String stripped = entry.strip();
            if (stripped.startsWith(name) && stripped.startsWith("=", name.length())) {
                return Percent.decoded(stripped.substring(name.length() + 1).split(";", 2)[0]);
            }
        }
        return null;
    }

    /** The baggage of a call that a change makes. */
    static String baggage(@Nullable String inherited, String eventId, String triggerId, StateChange change, int depth) {
        StringBuilder baggage = new StringBuilder();
        if (inherited != null) {
            for (String entry : inherited.split(",")) {
                String stripped = entry.strip();
                if (!stripped.isEmpty() && !stripped.startsWith(EVENT) && !stripped.startsWith(DEPTH + "=")) {
                    baggage.append(stripped).append(',');
                }
            }
        }
        baggage.append(EVENT).append('=').append(Percent.encoded(eventId));
        append(baggage, TRIGGER, triggerId);
        append(baggage, AT, change.key().recordKey() + "/" + change.version());
        return baggage.append(',').append(DEPTH).append('=').append(depth).toString();
    }

    private static void append(StringBuilder baggage, String name, String value) {
        if (value.length() <= LONGEST) {
            baggage.append(',').append(name).append('=').append(Percent.encoded(value));
        }
    }

    /** {@code {"kind":"call"}}, or {@code {"kind":"trigger","trigger_id","event_id","scope","key","version"}}. */
    RawJson toJson() {
        if (eventId == null) {
            return CALL;
        }
        JsonBuilder json = JsonBuilder.object().member("kind", "trigger");
        if (trigger != null) {
            json.member("trigger_id", trigger);
        }
        json.member("event_id", eventId);
        if (at != null && at.indexOf('/') >= 0) {
            int end = at.lastIndexOf('/');
            StateKey key = StateKey.parse(at.substring(0, end));
            if (key != null) {
                json.member("scope", key.scope())
                        .member("key", key.key())
                        .member("version", number(at.substring(end + 1)));
            }
        }
        return json.build();
    }
}
