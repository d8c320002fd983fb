package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;

import io.iiikafka.topology.topics.TopicSettings;
import io.iiikafka.topology.topics.Topics;

/**
 * The topics.
 *
 * @param prefix of the names of all topics, groups and transactional ids; default {@code iii.}
 * @param partitions of {@code invocations}; default 8
 * @param slots partitions of {@code deliveries} and {@code results}: the most gateways beside each other; default 16
 * @param replicationFactor default {@link TopicSettings#AUTO}: as many as there are brokers, at most 3
 * @param provisioning what happens at the start; default {@link Provisioning#AUTO}
 * @param retention how long calls and results can be read; default 24 h
 * @param retentionBytes what each of their partitions keeps at most; default 256 MiB with the broker in this process,
 *     {@link TopicSettings#UNBOUNDED} on an existing cluster
 * @param streamRetention how long changes and events of streams can be replayed; default 7 days
 */
public record TopicsConfig(
        String prefix,
        int partitions,
        int slots,
        int replicationFactor,
        Provisioning provisioning,
        Duration retention,
        long retentionBytes,
        Duration streamRetention) {

    private static final long AUTO = -2;
    private static final long EMBEDDED_RETENTION_BYTES = 256L * 1024 * 1024;
    private static final int HEADERS = 1024 * 1024;

    static final Setting<String> PREFIX = Setting.of(
                    "topics.prefix",
                    SettingTypes.TEXT,
                    Topics.DEFAULT_PREFIX,
                    "begins the name of every topic, group and transactional id")
            .flag("--prefix");
    static final Setting<Integer> PARTITIONS = Setting.of(
            "topics.partitions", SettingTypes.integer(1, 1000), 8, "partitions of `invocations`: most routers at work");
    static final Setting<Integer> SLOTS = Setting.of(
            "topics.slots",
            SettingTypes.integer(1, 1000),
            16,
            "partitions of `deliveries` and `results`: most gateways beside each other");
    static final Setting<Integer> REPLICATION_FACTOR = Setting.of(
            "topics.replication_factor",
            SettingTypes.integerOr("auto", TopicSettings.AUTO, 1, 9),
            TopicSettings.AUTO,
            "copies of each record; `auto`: one per broker, at most 3");
    static final Setting<Provisioning> PROVISION = Setting.of(
            "topics.provision",
            SettingTypes.oneOf(Provisioning.class),
            Provisioning.AUTO,
            "at the start: `auto` creates topics that lack; `check` refuses to start; `print` also prints commands");
    static final Setting<Duration> RETENTION = Setting.of(
            "topics.retention", SettingTypes.DURATION, Duration.ofHours(24), "how long calls and results can be read");
    static final Setting<Long> RETENTION_BYTES = Setting.of(
            "topics.retention_bytes",
            SettingTypes.sizeOr("auto", AUTO),
            AUTO,
            "what each partition of calls and results keeps at most; `auto`: 256MiB with Kafka in this process, "
                    + "no bound on an existing cluster");

    static final Setting<Duration> STREAM_RETENTION = Setting.of(
            "topics.stream_retention",
            SettingTypes.DURATION,
            Duration.ofDays(7),
            "how long changes and events of streams can be replayed; the items themselves stay");

    static final List<Setting<?>> SETTINGS = List.of(
            PREFIX, PARTITIONS, SLOTS, REPLICATION_FACTOR, PROVISION, RETENTION, RETENTION_BYTES, STREAM_RETENTION);

    static TopicsConfig from(Values values, boolean existingCluster) {
        long automatic = existingCluster ? TopicSettings.UNBOUNDED : EMBEDDED_RETENTION_BYTES;
        long bytes = values.get(RETENTION_BYTES);
        String prefix = values.get(PREFIX);
        if (!prefix.matches("[a-zA-Z0-9._-]{0,200}")) {
            values.error(PREFIX, "may hold letters, digits, '.', '_' and '-' only");
        }
        return new TopicsConfig(
                prefix,
                values.get(PARTITIONS),
                values.get(SLOTS),
                values.get(REPLICATION_FACTOR),
                values.get(PROVISION),
                values.get(RETENTION),
                bytes == AUTO ? automatic : bytes,
                values.get(STREAM_RETENTION));
    }

    /** For the plan: records are as large as the largest payload, and headers. */
    public TopicSettings toSettings(LimitsConfig limits) {
        return new TopicSettings(
                new Topics(prefix),
                partitions,
                slots,
                replicationFactor,
                maxRecordBytes(limits),
                retention,
                retentionBytes,
                streamRetention);
    }

    /** The largest record: two of the largest payloads (a value before and after a change), and 1 MiB for headers. */
    public static int maxRecordBytes(LimitsConfig limits) {
        return (int) Math.min(2L * limits.maxPayloadBytes() + HEADERS, Integer.MAX_VALUE);
    }
}
