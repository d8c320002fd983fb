package io.iiikafka.gateway.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * Status and headers of a streamed response, as the handler's control messages set them: {@code
 * {"type":"set_status","status_code":206}}, {@code {"type":"set_headers","headers":{"x-a":"1"}}} (spec: http.md 10).
 * Anything else is ignored.
 */
final class StreamHead {

    private static final int DIGITS = 3;

    private int status = 200;
    private final Map<String, List<Reply.Header>> headers = new LinkedHashMap<>();

    void apply(String control) {
        RawJson message = RawJson.parse(control.getBytes(StandardCharsets.UTF_8));
        if (message == null || !message.isObject()) {
            return;
        }
        Control read = new Control();
        message.forEachMember(read::take);
        switch (read.type.toString()) {
            case "\"set_status\"" -> status(read.code);
            case "\"set_headers\"" -> headers(read.fields);
            default -> {}
        }
    }

    private static final class Control {
        private RawJson type = RawJson.NULL;
        private RawJson code = RawJson.NULL;
        private RawJson fields = RawJson.NULL;

        void take(String name, RawJson value) {
            switch (name) {
                case "type" -> type = value;
                case "status_code" -> code = value;
                case "headers" -> fields = value;
                default -> {}
            }
        }
    }

    /** Interim codes cannot be the status of a response. */
    private void status(RawJson code) {
        if (ReplyStatus.isCount(code) && code.length() == DIGITS) {
            int named = Integer.parseInt(code.toString());
            if (named >= 200 && named <= 599) {
                status = named;
            }
        }
    }

    private void headers(RawJson fields) {
        JsonNode tree = fields.isObject() ? fields.toTree() : null;
        if (tree == null) {
            return;
        }
        tree.properties().forEach(field -> {
            if (field.getValue().isTextual() || field.getValue().isArray()) {
                List<Reply.Header> lines = new ArrayList<>();
                ReplyHeaders.addAll(field.getKey(), field.getValue(), lines);
                if (!lines.isEmpty()) {
                    headers.put(field.getKey().toLowerCase(Locale.ROOT), lines);
                }
            }
        });
    }

    int status() {
        return status;
    }

    List<Reply.Header> headers() {
        return headers.values().stream().flatMap(List::stream).toList();
    }
}
