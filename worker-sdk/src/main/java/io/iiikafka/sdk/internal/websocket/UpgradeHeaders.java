package io.iiikafka.sdk.internal.websocket;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * HTTP headers that a user adds to the upgrade request.
 *
 * @param values by name, in any case; values in ISO-8859-1
 */
public record UpgradeHeaders(Map<String, String> values) {

    public static final UpgradeHeaders NONE = new UpgradeHeaders(Map.of());

    private static final Set<String> OF_THE_HANDSHAKE =
            Set.of("host", "upgrade", "connection", "content-length", "transfer-encoding");

    private static final String SEPARATORS = "\"(),/:;<=>?@[\\]{}";

    /** @throws IllegalArgumentException if a name or value is none, or the header is one that the handshake sets */
    public UpgradeHeaders {
        values = Map.copyOf(values);
        values.forEach(UpgradeHeaders::check);
    }

    private static void check(String name, String value) {
        if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && SEPARATORS.indexOf(c) < 0)) {
            String shown = name.replaceAll("\\p{Cntrl}", "?");
            throw new IllegalArgumentException("not a header name: '" + shown + "'; use letters, digits and hyphens");
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (OF_THE_HANDSHAKE.contains(lower) || lower.startsWith("sec-websocket-")) {
            throw new IllegalArgumentException("header " + name + " belongs to the handshake itself: leave it out");
        }
        if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7F || c > 0xFF)) {
            throw new IllegalArgumentException(
                    "the value of header " + name + " has a line break, or a character that is not in ISO-8859-1");
        }
    }
}
