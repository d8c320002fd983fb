package io.iiikafka.topology.record;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** Shortens errors that are told in a record with other things, which must fit into it whatever a worker said. */
public final class ErrorLimit {

    /** In bytes; longer ones lose their stack trace, and all but the beginning of their message. */
    private static final int LONGEST_ERROR = 64 * 1024;

    private static final int LONGEST_TEXT = 2_000;

    private ErrorLimit() {}

    /** @param error {@code {"code","message"}} */
    public static RawJson bounded(RawJson error) {
        if (error.length() <= LONGEST_ERROR) {
            return error;
        }
        JsonNode members = error.toTree();
        return JsonBuilder.object()
                .member("code", beginning(members.path("code").asText()))
                .member("message", beginning(members.path("message").asText()))
                .build();
    }

    /** The same one when it is not too long. */
    public static ErrorBody bounded(ErrorBody error) {
        return RawJson.ofValue(error).length() <= LONGEST_ERROR
                ? error
                : new ErrorBody(beginning(error.code()), beginning(error.message()));
    }

    /** At most some 2,000 characters of it. */
    public static String beginning(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
    }
}
