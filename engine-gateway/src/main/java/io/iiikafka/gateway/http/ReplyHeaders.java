package io.iiikafka.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Headers as handlers give them: {@code {"x-a":"1"}} or {@code ["x-a: 1"]} (spec: http.md 9.2). Beyond the spec an
 * object's value may be a number, a boolean, or an array of texts: one line each. What is not legal in HTTP is left
 * out.
 */
final class ReplyHeaders {

    private static final Logger LOG = LoggerFactory.getLogger(ReplyHeaders.class);

    private ReplyHeaders() {}

    static List<Reply.Header> of(@Nullable RawJson value) {
        List<Reply.Header> headers = new ArrayList<>();
        JsonNode node = value == null ? null : value.toTree();
        if (node != null && node.isObject()) {
            node.properties().forEach(entry -> addAll(entry.getKey(), entry.getValue(), headers));
        } else if (node != null && node.isArray()) {
            node.forEach(line -> addLine(line, headers));
        }
        return headers;
    }

    static void addAll(String name, JsonNode value, List<Reply.Header> headers) {
        if (value.isArray()) {
            value.forEach(each -> {
                if (each.isTextual()) {
                    add(name, each.textValue(), headers);
                }
            });
        } else if (value.isTextual() || value.isNumber() || value.isBoolean()) {
            add(name, value.asText(), headers);
        }
    }

    private static void addLine(JsonNode line, List<Reply.Header> headers) {
        int colon = line.isTextual() ? line.textValue().indexOf(':') : -1;
        if (colon >= 0) {
            String name = line.textValue().substring(0, colon).strip();
            if (!name.isEmpty()) {
                add(name, line.textValue().substring(colon + 1).strip(), headers);
            }
        }
    }

    private static void add(String name, String value, List<Reply.Header> headers) {
        if (HeaderText.isName(name) && HeaderText.isValue(value)) {
            headers.add(new Reply.Header(name.toLowerCase(Locale.ROOT), value));
        } else {
            LOG.atWarn().addKeyValue("header", name).log("A header that is not legal in HTTP was left out");
        }
    }

    static @Nullable String contentType(List<Reply.Header> headers) {
        for (Reply.Header header : headers) {
            if (header.name().equals("content-type")) {
                return header.value();
            }
        }
        return null;
    }
}
