package io.iiikafka.gateway.invocation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/** W3C baggage as callees get it: the caller's entries and the id of the called function (spec: protocol.md 5.5). */
public final class Baggage {

    private static final String FUNCTION_ID = "iii.function.id";

    private Baggage() {}

    /** The caller's baggage with {@code iii.function.id} set; null when the caller sent no trace context at all. */
    public static @Nullable String forCallee(
            @Nullable String traceparent, @Nullable String baggage, String functionId) {
        if (traceparent == null && baggage == null) {
            return null;
        }
        String own = FUNCTION_ID + "=" + URLEncoder.encode(functionId, StandardCharsets.UTF_8).replace("+", "%20");
        if (baggage == null || baggage.isBlank()) {
            return own;
        }
        if (!baggage.contains(FUNCTION_ID)) {
            return baggage + "," + own;
        }
        StringBuilder entries = new StringBuilder(baggage.length() + own.length());
        for (String entry : baggage.split(",")) {
            if (!entry.strip().startsWith(FUNCTION_ID + "=")) {
                entries.append(entry.strip()).append(',');
            }
        }
        return entries.append(own).toString();
    }
}
