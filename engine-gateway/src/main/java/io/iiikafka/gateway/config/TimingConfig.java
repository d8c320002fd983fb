package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;

/**
 * How long things may take (spec: protocol.md 14).
 *
 * @param namespaceGrace how long registrations wait for the worker's announcement at most; default 5 s
 * @param quietGrace quiet for this long after it registered, a connection counts as one that never announces itself;
 *     default 300 ms
 * @param pingInterval how often the engine pings each socket; default 15 s
 * @param idleTimeout when nothing comes in for this long, be it a part of a frame, a connection counts as dead; default 50 s
 * @param probeTimeout how long a connection may take to answer when another claims to be the same worker; default 2 s
 * @param gatewayLease how long a silent gateway stays in the catalog; default 6 s
 * @param reconnectGrace how long callers wait for a function whose worker was cut off; default 3 s
 * @param callCeiling after this long a call that was never answered is given up; default 1 h
 * @param drainTimeout how long a stopping gateway waits for calls in flight; default 10 s
 */
public record TimingConfig(
        Duration namespaceGrace,
        Duration quietGrace,
        Duration pingInterval,
        Duration idleTimeout,
        Duration probeTimeout,
        Duration gatewayLease,
        Duration reconnectGrace,
        Duration callCeiling,
        Duration drainTimeout) {

    static final Setting<Duration> NAMESPACE_GRACE = Setting.of(
                    "registration_namespace_grace_ms",
                    SettingTypes.DURATION,
                    Duration.ofSeconds(5),
                    "how long registrations wait for the worker's announcement at most")
            .environment("III_NAMESPACE_GRACE_MS");
    static final Setting<Duration> QUIET_GRACE = Setting.of(
            "timing.quiet_grace",
            SettingTypes.DURATION,
            Duration.ofMillis(300),
            "quiet for this long after it registered, a worker counts as one that never announces itself");
    static final Setting<Duration> PING_INTERVAL = Setting.of(
            "timing.ping_interval", SettingTypes.DURATION, Duration.ofSeconds(15), "how often each socket is pinged");
    static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
            "timing.idle_timeout",
            SettingTypes.DURATION,
            Duration.ofSeconds(50),
            "when nothing comes in for this long, be it a part of a frame, a connection counts as dead");
    static final Setting<Duration> PROBE_TIMEOUT = Setting.of(
            "timing.probe_timeout",
            SettingTypes.DURATION,
            Duration.ofSeconds(2),
            "how long a connection may take to answer when another claims to be the same worker");
    static final Setting<Duration> GATEWAY_LEASE = Setting.of(
            "timing.gateway_lease",
            SettingTypes.DURATION,
            Duration.ofSeconds(6),
            "how long a silent gateway stays in the catalog");
    static final Setting<Duration> RECONNECT_GRACE = Setting.of(
            "timing.reconnect_grace",
            SettingTypes.DURATION,
            Duration.ofSeconds(3),
            "how long callers wait for a function whose worker was cut off");
    static final Setting<Duration> CALL_CEILING = Setting.of(
            "timing.call_ceiling",
            SettingTypes.DURATION,
            Duration.ofHours(1),
            "after this long a call that was never answered is given up");
    static final Setting<Duration> DRAIN_TIMEOUT = Setting.of(
            "timing.drain_timeout",
            SettingTypes.DURATION,
            Duration.ofSeconds(10),
            "how long a stopping gateway waits for calls in flight");

    static final List<Setting<?>> SETTINGS = List.of(
            NAMESPACE_GRACE,
            QUIET_GRACE,
            PING_INTERVAL,
            IDLE_TIMEOUT,
            PROBE_TIMEOUT,
            GATEWAY_LEASE,
            RECONNECT_GRACE,
            CALL_CEILING,
            DRAIN_TIMEOUT);

    static TimingConfig from(Values values) {
        TimingConfig timing = new TimingConfig(
                values.get(NAMESPACE_GRACE),
                values.get(QUIET_GRACE),
                values.get(PING_INTERVAL),
                values.get(IDLE_TIMEOUT),
                values.get(PROBE_TIMEOUT),
                values.get(GATEWAY_LEASE),
                values.get(RECONNECT_GRACE),
                values.get(CALL_CEILING),
                values.get(DRAIN_TIMEOUT));
        if (timing.idleTimeout.compareTo(timing.pingInterval) <= 0) {
            values.error(IDLE_TIMEOUT, "must be longer than timing.ping_interval, or live workers are cut off");
        }
        if (timing.pingInterval.isZero()) {
            values.error(PING_INTERVAL, "must be longer than 0");
        }
        return timing;
    }
}
