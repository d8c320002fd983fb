package io.iiikafka.gateway.state;

import java.nio.charset.StandardCharsets;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * One page that is asked for.
 *
 * @param caller the connection that asks
 * @param limit most rows
 * @param maxBytes longest reply
 * @param nonNullOnly whether rows that hold null are left out
 * @param cursor null: the first page
 */
record EntryPage(String scope, String caller, long limit, long maxBytes, boolean nonNullOnly, @Nullable String cursor) {

    private static final int LONGEST_SCOPE = 1024;
    private static final String ANY_CURSOR = "00000000-0000-0000-0000-000000000000";

    /** @throws Refusal when it cannot be asked for like that */
    static EntryPage of(Call call, boolean isPrivate) {
        Input input = Input.of(call);
        String scope = input.text("scope");
        if (scope.getBytes(StandardCharsets.UTF_8).length > LONGEST_SCOPE) {
            throw input.misfit("`scope` is longer than " + LONGEST_SCOPE + " bytes");
        }
        if (call.callerWorkerId() == null) {
            throw refusal(ErrorCode.UNKNOWN_CALLER, "pages are for connected workers");
        }
        return new EntryPage(
                scope,
                call.callerWorkerId(),
                bounded(input, "limit", 1, 1_000, 100),
                bounded(input, "max_bytes", 256, 8_000_000, 1_000_000),
                isPrivate && input.flag("non_null_only"),
                input.optionalText("cursor"));
    }

    private static long bounded(Input input, String name, long least, long most, long fallback) {
        long value = input.integer(name, Long.MIN_VALUE, Long.MAX_VALUE, fallback);
        if (value < least || value > most) {
            throw refusal(ErrorCode.INVALID_PAGE_LIMITS, name + " must be from " + least + " to " + most);
        }
        return value;
    }

    static Refusal refusal(ErrorCode code, String what) {
        return new Refusal(code, code.code() + ": " + what);
    }

    /** Whether a cursor of the other page is one for this. */
    boolean continues(EntryPage other) {
        return scope.equals(other.scope)
                && caller.equals(other.caller)
                && limit == other.limit
                && maxBytes == other.maxBytes
                && nonNullOnly == other.nonNullOnly;
    }

    /** Whether the rows that have been read may not fill it. */
    boolean wantsMore(EntrySnapshots.Rest rest) {
        return rest.cursor() != null && rest.rows().size() < limit && rest.bytes() < maxBytes;
    }

    /** How many of the rest's rows it has. */
    int size(EntrySnapshots.Rest rest) {
        long size = reply(RawJson.of("[]"), ANY_CURSOR, rest).length();
        int count = 0;
        while (count < rest.rows().size() && count < limit) {
            size += rest.rows().get(count).length() + 1;
            if (size > maxBytes) {
                break;
            }
            count++;
        }
        if (count == 0 && !rest.rows().isEmpty()) {
            throw refusal(
                    ErrorCode.ROW_TOO_LARGE,
                    "a row of " + rest.rows().getFirst().length() + " bytes does not fit into max_bytes " + maxBytes);
        }
        return count;
    }

    RawJson reply(RawJson entries, @Nullable String next, EntrySnapshots.Rest rest) {
        return JsonBuilder.object(entries.length() + 128)
                .member("entries", entries)
                .member("next_cursor", next)
                .member("done", next == null)
                .member("offset", rest.given())
                .member("total", rest.total())
                .build();
    }
}
