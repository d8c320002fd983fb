package io.iiikafka.gateway.cron;

import io.iiikafka.gateway.trigger.BuiltinTriggerType;
import io.iiikafka.gateway.trigger.KeeperTriggerType;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.cron.CronTriggerConfig;

/** The trigger type {@code cron} (spec: cron.md 2). */
final class CronTriggerType {

    static final String ID = "cron";

    private static final RawJson CONFIGURATION = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"expression\":{\"type\":\"string\",\"description\":\"second minute hour day-of-month month day-of-week,"
            + " then, if you like, year; or five fields as in Unix cron; or @daily and the like\"},"
            + "\"condition_function_id\":{\"type\":[\"string\",\"null\"],"
            + "\"description\":\"Asked first; false: not called\"},"
            + "\"timezone\":{\"type\":\"string\",\"description\":\"Such as Europe/Berlin; UTC when left out\"},"
            + "\"overlap\":{\"type\":\"string\","
            + "\"enum\":[\"skip\",\"queue_one\",\"queue_all\",\"allow\",\"cancel_running\"]},"
            + "\"catch_up\":{\"type\":\"string\",\"enum\":[\"none\",\"last\",\"all\"]},"
            + "\"catch_up_window_ms\":{\"type\":\"integer\"},\"grace_ms\":{\"type\":\"integer\"},"
            + "\"jitter_ms\":{\"type\":\"integer\"},\"start_at\":{\"type\":\"string\",\"format\":\"date-time\"},"
            + "\"end_at\":{\"type\":\"string\",\"format\":\"date-time\"},\"max_runs\":{\"type\":\"integer\"},"
            + "\"once\":{\"type\":\"boolean\"},\"every_ms\":{\"type\":\"integer\",\"minimum\":100},"
            + "\"at\":{\"type\":\"string\",\"format\":\"date-time\"},\"data\":{\"type\":\"object\"},"
            + "\"cancel_function_id\":{\"type\":\"string\",\"description\":\"Told which run was cancelled\"},"
            + "\"timeout_ms\":{\"type\":\"integer\"},\"retry\":{\"type\":\"object\",\"properties\":{"
            + "\"max_attempts\":{\"type\":\"integer\"},\"backoff_ms\":{\"type\":\"integer\"}}},"
            + "\"queue\":{\"type\":\"string\"},\"dow_numbering\":{\"type\":\"string\",\"enum\":[\"quartz\",\"unix\"]},"
            + "\"dedupe\":{\"type\":\"string\",\"enum\":[\"function\",\"trigger\"]},"
            + "\"schedule_key\":{\"type\":\"string\"}},\"required\":[\"expression\"]}");
    private static final RawJson REQUEST = RawJson.of("{\"type\":\"object\",\"properties\":{"
            + "\"trigger\":{\"type\":\"string\"},\"job_id\":{\"type\":\"string\"},"
            + "\"scheduled_time\":{\"type\":\"string\"},\"actual_time\":{\"type\":\"string\"}},"
            + "\"required\":[\"trigger\",\"job_id\",\"scheduled_time\",\"actual_time\"]}");

    private CronTriggerType() {}

    static BuiltinTriggerType create() {
        return new KeeperTriggerType(
                ID, "iii-cron", "Cron trigger", CONFIGURATION, REQUEST, CronTriggerConfig::parse);
    }
}
