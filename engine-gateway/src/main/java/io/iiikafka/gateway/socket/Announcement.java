package io.iiikafka.gateway.socket;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself by {@code engine::workers::register} (spec: protocol.md 2.3).
 *
 * @param takesLargeMessages whether its {@code features} say so ({@code large-messages.v1}): Python's alone have a limit without it
 */
record Announcement(
        @Nullable String runtime,
        @Nullable String version,
        @Nullable String name,
        @Nullable String description,
        @Nullable String os,
        @Nullable Long pid,
        @Nullable String isolation,
        @Nullable String namespace,
        @Nullable RawJson telemetry,
        boolean takesLargeMessages) {

    private static final String LARGE_MESSAGES = "large-messages.v1";
    private static final int LONGEST_TEXT = 280;
    private static final long LARGEST_PID = 0xFFFF_FFFFL;

    static Announcement of(JsonNode data) {
        JsonNode pid = data.path("pid");
        JsonNode telemetry = data.path("telemetry");
        return new Announcement(
                text(data, "runtime"),
                text(data, "version"),
                display(text(data, "name")),
                display(text(data, "description")),
                text(data, "os"),
                pid.isIntegralNumber() && pid.longValue() >= 0 && pid.longValue() <= LARGEST_PID
                        ? (Long) pid.longValue()
                        : null,
                text(data, "isolation"),
                text(data, "namespace"),
                telemetry.isObject() ? RawJson.ofValue(telemetry) : null,
                has(data.path("features"), LARGE_MESSAGES));
    }

    private static boolean has(JsonNode features, String wanted) {
        for (JsonNode feature : features) {
            if (wanted.equals(feature.textValue())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String text(JsonNode data, String field) {
        JsonNode value = data.path(field);
        return value.isTextual() ? value.textValue() : null;
    }

    /** Removes what could disturb a list on a screen; empty becomes none. */
    private static @Nullable String display(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String clean = text.replaceAll("[\\p{Cc}\\u202A-\\u202E\\u2066-\\u2069\\u2028\\u2029]", "");
        String cut = clean.codePointCount(0, clean.length()) > LONGEST_TEXT
                ? clean.substring(0, clean.offsetByCodePoints(0, LONGEST_TEXT))
                : clean;
        String trimmed = cut.strip();
        return trimmed.isEmpty() ? null : trimmed;
    }
}
