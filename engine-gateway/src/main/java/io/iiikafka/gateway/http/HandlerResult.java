package io.iiikafka.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a handler returned, as a response: {@code {"status_code":201,"headers":{…},"body":…}} (spec: http.md 9). Beyond
 * the spec {@code statusCode} counts too, as Python's typed responses have it; {@code body_base64} is a body of any bytes;
 * and a value without any of these members is itself the body.
 */
final class HandlerResult {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerResult.class);
    private static final byte[] NO_BODY = {};

    private final String functionId;
    private @Nullable RawJson status;
    private @Nullable RawJson typedStatus;
    private @Nullable RawJson headers;
    private @Nullable RawJson body;
    private byte @Nullable [] bytes;
    private boolean spoilt;

    private HandlerResult(String functionId) {
        this.functionId = functionId;
    }

    /** @param functionId of the handler, for what must be said of it */
    static Reply read(String functionId, RawJson value) {
        HandlerResult result = new HandlerResult(functionId);
        value.forEachMember(result::member);
        return result.isResponse()
                ? Reply.checked(result.toReply())
                : Reply.json(200, RawJson.of(CompactJson.of(value)));
    }

    private void member(String name, RawJson value) {
        switch (name) {
            case "status_code" -> status = value;
            case "statusCode" -> typedStatus = value;
            case "headers" -> headers = value;
            case "body" -> body = value;
            case "body_base64" -> {
                bytes = decoded(value);
                spoilt = bytes == null;
            }
            default -> {}
        }
    }

    /** Null when it is none. */
    private static byte @Nullable [] decoded(RawJson value) {
        try {
            return value.isText() ? Base64.getDecoder().decode(value.as(String.class)) : null;
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    private boolean isResponse() {
        return status != null || typedStatus != null || headers != null || body != null || bytes != null;
    }

    private Reply toReply() {
        int code = ReplyStatus.of(ReplyStatus.isCount(status) ? status : typedStatus);
        boolean bodiless = body == null || body.isNull();
        if (bodiless && bytes != null) {
            return ofBytes(code, bytes);
        }
        if (bodiless && spoilt) {
            LOG.atWarn()
                    .addKeyValue("function", functionId)
                    .log("An HTTP handler's body_base64 is not Base64; its caller gets 500");
            return Reply.empty(500);
        }
        RawJson content = body == null ? RawJson.EMPTY_OBJECT : body;
        if (headers == null || headers.isNull()) {
            return Reply.json(code, RawJson.of(CompactJson.of(content)));
        }
        List<Reply.Header> given = ReplyHeaders.of(headers);
        String contentType = ReplyHeaders.contentType(given);
        if (contentType == null) {
            List<Reply.Header> all = new ArrayList<>(given);
            all.add(new Reply.Header("content-type", ContentType.JSON));
            return new Reply(code, all, CompactJson.of(content));
        }
        return new Reply(code, given, encode(content, contentType));
    }

    private Reply ofBytes(int code, byte[] content) {
        List<Reply.Header> all = new ArrayList<>(ReplyHeaders.of(headers));
        if (ReplyHeaders.contentType(all) == null) {
            all.add(new Reply.Header("content-type", "application/octet-stream"));
        }
        return new Reply(code, all, content);
    }

    /** The table of 9.3 for a body whose content type the handler names. */
    private static byte[] encode(RawJson body, String contentType) {
        if (body.isNull()) {
            return NO_BODY;
        }
        if (body.isText()) {
            return body.as(String.class).getBytes(StandardCharsets.UTF_8);
        }
        byte[] octets = ContentType.isJson(contentType) ? null : nodeBuffer(body);
        return octets == null ? CompactJson.of(body) : octets;
    }

    /** The bytes of exactly <code>{"type":"Buffer","data":[1,2,…]}</code>, which is how Node's buffers become JSON. */
    private static byte @Nullable [] nodeBuffer(RawJson body) {
        String start = body.isObject() ? body.toString() : "";
        if (!start.contains("\"Buffer\"")) {
            return null;
        }
        JsonNode tree = body.toTree();
        JsonNode data = tree.path("data");
        if (tree.size() != 2 || !data.isArray() || !"Buffer".equals(tree.path("type").textValue())) {
            return null;
        }
        byte[] octets = new byte[data.size()];
        for (int i = 0; i < octets.length; i++) {
            JsonNode octet = data.get(i);
            if (!octet.isInt() || octet.intValue() < 0 || octet.intValue() > 255) {
                return null;
            }
            octets[i] = (byte) octet.intValue();
        }
        return octets;
    }
}
