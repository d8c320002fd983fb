package io.iiikafka.topology.keeper;

import java.util.HashMap;
import java.util.Map;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a {@linkplain Placement.Listing listing}: {@code {"rows":[…],"next":"<cursor>","total":3}}.
 *
 * @param rows an array
 * @param next where it goes on; null: nowhere
 * @param total how many keys the partition has in the scope; 0 after the first page
 */
public record Page(RawJson rows, @Nullable String next, long total) {

    /** The function that gives the page of {@code {"cursor":"…"}}; no page when the listing is not known any more. */
    public static final String NEXT = "iii::state::next";

    private static final RawJson NO_ROWS = RawJson.of("[]");
    private static final RawJson NONE = RawJson.of("0");

    public RawJson toJson() {
        return JsonBuilder.object(rows.length() + 64)
                .member("rows", rows)
                .member("next", next)
                .member("total", total)
                .build();
    }

    /** Null when it is none: the keeper has been restarted, or the listing was left for too long. */
    public static @Nullable Page of(@Nullable RawJson json) {
        if (json == null || !json.isObject()) {
            return null;
        }
        Map<String, RawJson> members = new HashMap<>();
        json.forEachMember(members::put);
        return new Page(
                members.getOrDefault("rows", NO_ROWS),
                members.getOrDefault("next", RawJson.NULL).text(),
                Long.parseLong(members.getOrDefault("total", NONE).toString()));
    }
}
