package io.iiikafka.gateway.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What a middleware says: {@code {"action":"continue"}} or {@code {"action":"respond","response":{…}}} (spec: http.md
 * 12).
 */
sealed interface Verdict {

    /**
     * Go on.
     *
     * @param context members for the middleware and the handler after it, or null
     */
    record Continue(@Nullable RawJson context) implements Verdict {}

    /** Answer now. */
    record Respond(Reply reply) implements Verdict {}

    /** Nothing that a middleware may say. */
    record Unclear() implements Verdict {}

    static Verdict read(@Nullable RawJson value) {
        if (value == null) {
            return new Unclear();
        }
        Map<String, RawJson> members = members(value);
        RawJson action = members.getOrDefault("action", RawJson.NULL);
        return switch (action.toString()) {
            case "\"continue\"" -> {
                RawJson context = members.get("context");
                yield new Continue(context != null && context.isObject() ? context : null);
            }
            case "\"respond\"" -> new Respond(Reply.checked(reply(members.getOrDefault("response", RawJson.NULL))));
            default -> new Unclear();
        };
    }

    private static Map<String, RawJson> members(RawJson object) {
        Map<String, RawJson> members = new HashMap<>();
        object.forEachMember(members::put);
        return members;
    }

    /** Other rules than for handlers: the body is always JSON, headers count all or none. */
    private static Reply reply(RawJson response) {
        Map<String, RawJson> members = members(response);
        List<Reply.Header> headers = headers(members.get("headers"));
        if (ReplyHeaders.contentType(headers) == null) {
            headers.add(new Reply.Header("content-type", ContentType.JSON));
        }
        return new Reply(
                ReplyStatus.of(members.get("status_code")),
                headers,
                CompactJson.of(members.getOrDefault("body", RawJson.NULL)));
    }

    private static List<Reply.Header> headers(@Nullable RawJson value) {
        JsonNode node = value == null || !value.isObject() ? null : value.toTree();
        boolean allTexts = node != null && node.properties().stream().allMatch(entry -> entry.getValue().isTextual());
        return allTexts ? ReplyHeaders.of(value) : new ArrayList<>();
    }
}
