package io.iiikafka.topology.keeper.queue;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DedupWish;
import io.iiikafka.topology.queue.PayloadField;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * What a job has of its own (spec: queue.md 12.2). Times are epoch milliseconds.
 *
 * @param notBeforeMs it is not tried earlier; 0: at once
 * @param expiresMs it is given up if it was not tried by then; 0: never
 * @param priority 0 to 9
 * @param group which it waits its turn in; null: what the queue says
 * @param dedupKey null: it is not compared with others
 * @param overrides what it has instead of what the queue says; null: nothing
 */
record Options(
        long notBeforeMs,
        long expiresMs,
        int priority,
        @Nullable String group,
        @Nullable String dedupKey,
        long dedupWindowMs,
        DedupMode dedupMode,
        @Nullable RawJson overrides) {

    /** How the job is compared with others; null: it is not. */
    @Nullable DedupWish dedup() {
        return dedupKey == null
                ? null
                : new DedupWish(
                        dedupKey, dedupWindowMs, dedupMode == DedupMode.REPLACE, dedupMode == DedupMode.UNTIL_DONE);
    }

    /** What happens to a job with the key of another one. */
    enum DedupMode {
        /** It is that one, within the window. */
        DROP,
        /** As {@link #DROP}, but while that one waits, the newer payload is taken. */
        REPLACE,
        /** It is that one, as long as that one is not done. */
        UNTIL_DONE
    }

    private static final long WINDOW_MS = 300_000;
    private static final long LONGEST_MS = 10L * 365 * 24 * 3_600_000;
    private static final List<String> OVERRIDES = List.of(
            "max_attempts", "backoff_ms", "backoff_type", "max_backoff_ms", "jitter", "timeout_ms");

    /**
     * Reads what is given, and what the payload's members say.
     *
     * @param given may hold more; null: nothing is given
     */
    static Options of(@Nullable Input given, QueueSettings settings, RawJson data, long nowMs) {
        long delayMs = number(data, settings.delayField(), settings.delayMs());
        int priority = Math.clamp(number(data, settings.priorityField(), 0), 0, 9);
        String dedupKey = text(data, settings.dedupField());
        if (given == null) {
            return new Options(
                    delayMs == 0 ? 0 : nowMs + delayMs, 0, priority, null, dedupKey, WINDOW_MS, DedupMode.DROP, null);
        }
        long ttlMs = given.integer("ttl_ms", 1, LONGEST_MS, 0);
        RawJson at = given.find("deliver_at");
        delayMs = given.integer("delay_ms", 0, LONGEST_MS, delayMs);
        return new Options(
                at == null || at.isNull() ? delayMs == 0 ? 0 : nowMs + delayMs : time(given, at),
                ttlMs == 0 ? 0 : nowMs + ttlMs,
                (int) given.integer("priority", 0, 9, priority),
                given.optionalText("group"),
                given.optionalText("dedup_key") == null ? dedupKey : given.text("dedup_key"),
                given.integer("dedup_window_ms", 1, LONGEST_MS, WINDOW_MS),
                mode(given),
                overrides(given));
    }

    private static long number(RawJson data, @Nullable String field, long fallback) {
        RawJson value = field == null ? null : PayloadField.find(data, field);
        try {
            return value == null ? fallback : Math.clamp(Long.parseLong(value.toString()), 0, LONGEST_MS);
        } catch (NumberFormatException e) {
            return fallback; // a payload need not fit what the queue hopes for
        }
    }

    private static @Nullable String text(RawJson data, @Nullable String field) {
        RawJson value = field == null ? null : PayloadField.find(data, field);
        return value == null || value.isNull() ? null : PayloadField.text(value);
    }

    private static long time(Input given, RawJson at) {
        String text = at.text();
        if (text == null) {
            return given.integer("deliver_at", 0, Long.MAX_VALUE / 2, 0);
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return Math.max(0, time.toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw given.misfit("invalid value for `deliver_at`: expected a time as in RFC 3339, or epoch milliseconds");
        }
    }

    private static DedupMode mode(Input given) {
        String mode = given.optionalText("dedup_mode");
        return switch (mode == null ? "drop" : mode) {
            case "drop" -> DedupMode.DROP;
            case "replace" -> DedupMode.REPLACE;
            case "until_done" -> DedupMode.UNTIL_DONE;
            default -> throw given.misfit("invalid value for `dedup_mode`: expected drop, replace or until_done");
        };
    }

    private static @Nullable RawJson overrides(Input given) {
        given.integer("max_attempts", 1, 1_000_000, 1);
        given.integer("backoff_ms", 0, LONGEST_MS, 0);
        given.integer("max_backoff_ms", 0, LONGEST_MS, 0);
        given.integer("timeout_ms", 1, LONGEST_MS, 1);
        String type = given.optionalText("backoff_type");
        if (type != null && !type.equals("fixed") && !type.equals("exponential")) {
            throw given.misfit("invalid value for `backoff_type`: expected fixed or exponential");
        }
        RawJson jitter = given.find("jitter");
        if (jitter != null && !jitter.isNull() && !isPart(jitter)) {
            throw given.misfit("invalid value for `jitter`: expected a number from 0 to 1");
        }
        JsonBuilder overrides = JsonBuilder.object();
        boolean any = false;
        for (String name : OVERRIDES) {
            RawJson value = given.find(name);
            if (value != null && !value.isNull()) {
                overrides.member(name, value);
                any = true;
            }
        }
        return any ? overrides.build() : null;
    }

    private static boolean isPart(RawJson value) {
        try {
            double number = Double.parseDouble(value.toString());
            return number >= 0 && number <= 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
