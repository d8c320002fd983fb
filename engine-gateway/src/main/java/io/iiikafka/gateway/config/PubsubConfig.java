package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import io.iiikafka.topology.keeper.pubsub.PubsubSettings;

/**
 * Pub/sub: the {@code iii-pubsub} entry (spec: pubsub.md 5, 9).
 *
 * @param retention how long events are kept for late subscribers; default an hour
 * @param maxEvents so many of each topic at most; default 100,000
 * @param subscriberBuffer events that wait for one subscriber whose worker is at its limit; default 1,000
 * @param maxEventBytes of one event's data; empty (the default): no limit but that of payloads
 */
public record PubsubConfig(Duration retention, int maxEvents, int subscriberBuffer, OptionalLong maxEventBytes) {

    static final String WORKER_NAME = "iii-pubsub";

    static final Setting<Duration> RETENTION = Setting.of(
            "pubsub.retention_ms",
            SettingTypes.DURATION,
            Duration.ofHours(1),
            "how long published events are kept for subscribers that begin in the past; 0: not at all");
    static final Setting<Integer> MAX_EVENTS = Setting.of(
            "pubsub.max_events", SettingTypes.integer(1, Integer.MAX_VALUE), 100_000, "so many of each topic at most");
    static final Setting<Integer> SUBSCRIBER_BUFFER = Setting.of(
            "pubsub.subscriber_buffer",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            1_000,
            "events that wait for one subscriber whose worker has `limits.in_flight_per_worker` calls; of more the oldest are"
                    + " dropped");
    static final Setting<OptionalLong> MAX_EVENT_BYTES = Setting.of(
            "pubsub.max_event_bytes",
            SettingTypes.OPTIONAL_SIZE,
            OptionalLong.empty(),
            "longest `data` of an event; none: no limit but `limits.max_payload`");

    static final List<Setting<?>> SETTINGS = List.of(RETENTION, MAX_EVENTS, SUBSCRIBER_BUFFER, MAX_EVENT_BYTES);

    static PubsubConfig from(Values values) {
        return new PubsubConfig(
                values.get(RETENTION),
                values.get(MAX_EVENTS),
                values.get(SUBSCRIBER_BUFFER),
                values.get(MAX_EVENT_BYTES));
    }

    public PubsubSettings toSettings(LimitsConfig limits) {
        return new PubsubSettings(
                retention.toMillis(),
                maxEvents,
                (int) Math.min(maxEventBytes.orElse(Long.MAX_VALUE), limits.maxPayloadBytes()),
                limits.maxPayloadBytes());
    }
}
