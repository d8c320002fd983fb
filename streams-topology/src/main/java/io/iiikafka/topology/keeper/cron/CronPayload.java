package io.iiikafka.topology.keeper.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/** What a function is told that a schedule calls (spec: cron.md 5.1). */
final class CronPayload {

    private static final Set<String> OWN =
            Set.of("trigger", "job_id", "scheduled_time", "actual_time", "scheduled_local", "manual");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS");

    private CronPayload() {}

    static RawJson of(CronTriggerConfig config, String jobId, Run run, long nowMs) {
        JsonBuilder payload = JsonBuilder.object()
                .member("trigger", "cron")
                .member("job_id", jobId)
                .member("scheduled_time", tick(run.tickMs()))
                .member("actual_time", MILLIS.format(utc(Math.max(nowMs, run.tickMs()))) + "+00:00");
        if (!config.zone().equals(ZoneOffset.UTC)) {
            payload.member("scheduled_local", local(run.tickMs(), config.zone()));
        }
        if (run.manual()) {
            payload.member("manual", true);
        }
        RawJson data = config.data();
        if (data != null) {
            data.forEachMember((name, value) -> {
                if (!OWN.contains(name)) {
                    payload.member(name, value);
                }
            });
        }
        return payload.build();
    }

    /** For example {@code 2026-07-03T12:00:00+00:00}; with a fraction only where a tick is not on a whole second. */
    static String tick(long ms) {
        return (ms % 1_000 == 0 ? SECONDS : MILLIS).format(utc(ms)) + "+00:00";
    }

    private static String local(long ms, ZoneId zone) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(ZonedDateTime.ofInstant(Instant.ofEpochMilli(ms), zone));
    }

    private static ZonedDateTime utc(long ms) {
        return ZonedDateTime.ofInstant(Instant.ofEpochMilli(ms), ZoneOffset.UTC);
    }
}
