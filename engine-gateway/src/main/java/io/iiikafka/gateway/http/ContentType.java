package io.iiikafka.gateway.http;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Which bodies are JSON (spec: http.md 7). */
final class ContentType {

    static final String JSON = "application/json";

    private ContentType() {}

    /** {@code application/json} in any letter case, also among parameters, and {@code application/…+json}. */
    static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String lower = contentType.toLowerCase(Locale.ROOT);
        return lower.contains(JSON) || lower.startsWith("application/") && mediaType(lower).endsWith("+json");
    }

    static boolean isText(@Nullable String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("text/");
    }

    private static String mediaType(String contentType) {
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
    }
}
