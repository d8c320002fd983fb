package io.iiikafka.topology.keeper;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * Some rows of a {@linkplain Placement.Listing listing}: {@code {"rows":[…],"next":"<cursor>"}}.
 *
 * @param rows an array
 * @param next where it goes on; null: nowhere
 */
public record Page(RawJson rows, @Nullable String next) {

    /** The function that gives the page of {@code {"cursor":"…"}}; no page when the listing is not known any more. */
    public static final String NEXT = "iii::state::next";

    public RawJson toJson() {
        return JsonBuilder.object(rows.length() + 64)
                .member("rows", rows)
                .member("next", next)
                .build();
    }

    /** Null when it is none: the keeper has been restarted, or the listing was left for too long. */
    public static @Nullable Page of(@Nullable RawJson json) {
        if (json == null || !json.isObject()) {
            return null;
        }
        RawJson[] members = {RawJson.of("[]"), RawJson.NULL};
        json.forEachMember((name, value) -> members[name.equals("rows") ? 0 : 1] = value);
        return new Page(members[0], members[1].text());
    }
}
