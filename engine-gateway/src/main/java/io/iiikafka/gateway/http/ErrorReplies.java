package io.iiikafka.gateway.http;

import java.time.Instant;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;

/** All responses that the engine itself gives when something is wrong (spec: http.md 16). */
final class ErrorReplies {

    static final Reply NOT_FOUND = of(404, "NOT_FOUND", "Not Found");
    static final Reply PAYLOAD_TOO_LARGE = of(413, "PAYLOAD_TOO_LARGE", "Request body too large");
    static final Reply TIMEOUT = of(504, "GATEWAY_TIMEOUT", "Gateway Timeout");
    static final Reply MIDDLEWARE_TIMEOUT = of(504, "MIDDLEWARE_TIMEOUT", "Middleware timeout");
    static final Reply OVERLOADED =
            of(503, "OVERLOADED", "Too many requests are at work; the limit is concurrency_request_limit");
    static final Reply SHUTTING_DOWN = of(503, "SHUTTING_DOWN", "This gateway is shutting down");
    static final Reply CONDITION_NOT_MET = Reply.json(
            422,
            RawJson.of("{\"error\":{\"code\":\"CONDITION_NOT_MET\",\"message\":\"Request condition not met\"},"
                    + "\"skipped\":true}"));

    /** In place of a message that is nothing for clients. */
    static final String INTERNAL = "internal server error";

    private static final long TWELVE_HEX_DIGITS = (1L << 48) - 1;

    private ErrorReplies() {}

    private static Reply of(int status, String code, String message) {
        return Reply.json(
                status,
                new JsonText(128)
                        .beginObject()
                        .name("error")
                        .beginObject()
                        .member("code", code)
                        .member("message", message)
                        .endObject()
                        .endObject()
                        .toJson());
    }

    static Reply wrongMethod(Set<String> allowed) {
        Reply envelope = of(405, "METHOD_NOT_ALLOWED", "Method Not Allowed");
        return new Reply(
                405,
                List.of(
                        envelope.headers().getFirst(),
                        new Reply.Header("allow", String.join(",", allowed))),
                envelope.body());
    }

    /** A handler, condition or middleware failed: its own code and message, never its stack trace. */
    static Reply failed(ErrorBody error, String errorId) {
        return Reply.json(
                500,
                new JsonText(256)
                        .beginObject()
                        .name("error")
                        .beginObject()
                        .member("code", error.code())
                        .member("message", error.message())
                        .member("error_id", errorId)
                        .endObject()
                        .endObject()
                        .toJson());
    }

    static Reply internal(String errorId) {
        return failed(new ErrorBody("INTERNAL_ERROR", INTERNAL), errorId);
    }

    /** Twelve hex digits from the clock, which also stand in the log. */
    static String newErrorId() {
        Instant now = Instant.now();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return String.format("%012x", micros & TWELVE_HEX_DIGITS);
    }
}
