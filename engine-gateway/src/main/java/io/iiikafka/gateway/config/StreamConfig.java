package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.iiikafka.gateway.provided.ProvidedSettings;
import io.iiikafka.gateway.stream.StreamSocketSettings;
import io.iiikafka.topology.keeper.stream.PayloadForm;
import io.iiikafka.topology.keeper.stream.StreamSettings;

/**
 * Streams: the {@code iii-stream} entry (spec: stream.md 10.1, 13.8, 13.9).
 *
 * @param socket the port for browsers and other consumers that are no workers
 * @param provided how patient the engine is with workers that keep streams
 * @param replay what is kept of events
 * @param triggerPayload what handlers of triggers are told that do not say
 * @param presenceContexts whether contexts of those who listen are told
 */
public record StreamConfig(
        StreamSocketSettings socket,
        ProvidedSettings provided,
        StreamReplayConfig replay,
        PayloadForm triggerPayload,
        boolean presenceContexts) {

    static final String WORKER_NAME = "iii-stream";

    static final Setting<String> HOST = Setting.of(
                    "stream.host", SettingTypes.TEXT, "0.0.0.0", "address of the stream port")
            .flag("--stream-host");
    static final Setting<Integer> PORT = Setting.of(
                    "stream.port", SettingTypes.PORT, 3112, "the port of stream sockets; 0: any free one")
            .flag("--stream-port");
    static final Setting<Optional<String>> AUTH_FUNCTION = Setting.of(
            "stream.auth_function",
            SettingTypes.OPTIONAL_TEXT,
            Optional.<String>empty(),
            "function asked before a stream socket is opened; its `context` is handed to join and leave triggers");
    static final Setting<Boolean> AUTH_REQUIRED = Setting.of(
            "stream.auth_required",
            SettingTypes.FLAG,
            false,
            "whether a stream socket is refused (401) unless that function answers with an object");
    static final Setting<Duration> AUTH_TIMEOUT = Setting.of(
            "stream.auth_timeout_ms", SettingTypes.DURATION, Duration.ofSeconds(10), "how long that function may take");
    static final Setting<Duration> JOIN_TIMEOUT = Setting.of(
            "stream.join_timeout_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(30),
            "how long a `stream:join` or `stream:leave` trigger may take; then it has failed");
    static final Setting<Boolean> JOIN_FAIL_CLOSED = Setting.of(
            "stream.join_fail_closed",
            SettingTypes.FLAG,
            false,
            "whether a subscription is refused unless a `stream:join` trigger answers `{\"unauthorized\": false}`");
    static final Setting<List<String>> ALLOWED_ORIGINS = Setting.of(
            "stream.allowed_origins",
            new SettingType<>(
                    "a list of origins",
                    false,
                    SettingTypes::words,
                    origins -> origins.isEmpty() ? "none" : String.join(",", origins)),
            List.<String>of(),
            "origins that browsers may connect from; none: any");
    static final Setting<Boolean> ALLOW_ANONYMOUS_CONSUMERS = Setting.of(
            "stream.allow_anonymous_consumers",
            SettingTypes.FLAG,
            false,
            "whether a socket may join with a consumer group where neither a `stream:join` trigger nor `auth_required`"
                    + " decides who may");
    static final Setting<Boolean> PRESENCE_CONTEXTS = Setting.of(
            "stream.presence_contexts",
            SettingTypes.FLAG,
            false,
            "whether `stream::presence` tells what the auth function gave of those who listen");
    static final Setting<PayloadForm> TRIGGER_PAYLOAD = Setting.of(
            "stream.trigger_payload",
            SettingTypes.oneOf(PayloadForm.class),
            PayloadForm.FRAME,
            "what handlers of `stream` triggers get that do not say: the frame that subscribers get, its members under"
                    + " flat names, or both");
    static final Setting<OptionalInt> MAX_CONNECTIONS = Setting.of(
            "stream.max_connections",
            new SettingType<>(
                    "a whole number, at least 1",
                    false,
                    StreamConfig::optionalCount,
                    count -> count.isEmpty() ? "none" : String.valueOf(count.getAsInt())),
            OptionalInt.empty(),
            "stream sockets of one gateway; more get 503");
    static final Setting<Integer> MAX_SUBSCRIPTIONS = Setting.of(
            "stream.max_subscriptions_per_connection",
            SettingTypes.integer(1, Integer.MAX_VALUE),
            1000,
            "subscriptions of one stream socket");
    static final Setting<Integer> CHANNEL_SIZE = Setting.of(
            "stream.channel_size",
            SettingTypes.integer(1, 1_048_576),
            256,
            "frames that wait for a stream socket that reads slowly (also in `adapter.config`); beyond, changes are merged"
                    + " or replaced by a fresh sync");
    static final Setting<Duration> PING_INTERVAL = Setting.of(
            "stream.ping_interval_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(30),
            "a stream socket that was silent for this long is pinged");
    static final Setting<Duration> PING_TIMEOUT = Setting.of(
            "stream.ping_timeout_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(60),
            "a stream socket that stays silent for this long after a ping is cut");
    static final Setting<Duration> STALL_TIMEOUT = Setting.of(
            "stream.stall_timeout_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(60),
            "a stream socket that takes nothing of what is sent to it for this long is closed with 1013");
    static final Setting<Duration> PROVIDER_TIMEOUT = Setting.of(
            "stream.provider_timeout_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(30),
            "how long a worker that keeps a stream may take to answer");
    static final Setting<Duration> PROVIDER_GRACE = Setting.of(
            "stream.provider_grace_ms",
            SettingTypes.DURATION,
            Duration.ofSeconds(30),
            "how long calls wait for the return of a worker that keeps a stream");

    static final List<Setting<?>> SETTINGS = settings();

    private static List<Setting<?>> settings() {
        List<Setting<?>> all = new ArrayList<>(List.of(
                HOST,
                PORT,
                AUTH_FUNCTION,
                AUTH_REQUIRED,
                AUTH_TIMEOUT,
                JOIN_TIMEOUT,
                JOIN_FAIL_CLOSED,
                ALLOWED_ORIGINS,
                ALLOW_ANONYMOUS_CONSUMERS,
                PRESENCE_CONTEXTS,
                TRIGGER_PAYLOAD,
                MAX_CONNECTIONS,
                MAX_SUBSCRIPTIONS,
                CHANNEL_SIZE,
                PING_INTERVAL,
                PING_TIMEOUT,
                STALL_TIMEOUT,
                PROVIDER_TIMEOUT,
                PROVIDER_GRACE));
        all.addAll(StreamReplayConfig.SETTINGS);
        return List.copyOf(all);
    }

    /** What the keeper needs to know. */
    public StreamSettings toSettings(int maxPayloadBytes) {
        return new StreamSettings(maxPayloadBytes, replay.toSettings(), triggerPayload, presenceContexts);
    }

    private static OptionalInt optionalCount(ConfigNode node) {
        return node.isNull()
                ? OptionalInt.empty()
                : OptionalInt.of(SettingTypes.integer(1, Integer.MAX_VALUE).read(node));
    }

    static StreamConfig from(Values values) {
        Optional<String> authFunction = values.get(AUTH_FUNCTION);
        boolean authRequired = values.get(AUTH_REQUIRED);
        if (authRequired && authFunction.isEmpty()) {
            values.warn(AUTH_REQUIRED, "refuses every stream socket: stream.auth_function names nobody who could admit one");
        }
        return new StreamConfig(
                new StreamSocketSettings(
                        values.get(HOST),
                        values.get(PORT),
                        authFunction,
                        authRequired,
                        positive(values, AUTH_TIMEOUT),
                        positive(values, JOIN_TIMEOUT),
                        values.get(JOIN_FAIL_CLOSED),
                        values.get(ALLOWED_ORIGINS),
                        values.get(ALLOW_ANONYMOUS_CONSUMERS),
                        values.get(MAX_CONNECTIONS),
                        values.get(MAX_SUBSCRIPTIONS),
                        values.get(CHANNEL_SIZE),
                        positive(values, PING_INTERVAL),
                        positive(values, PING_TIMEOUT),
                        positive(values, STALL_TIMEOUT)),
                new ProvidedSettings(positive(values, PROVIDER_TIMEOUT), values.get(PROVIDER_GRACE)),
                StreamReplayConfig.from(values),
                values.get(TRIGGER_PAYLOAD),
                values.get(PRESENCE_CONTEXTS));
    }

    private static Duration positive(Values values, Setting<Duration> setting) {
        Duration duration = values.get(setting);
        if (duration.toMillis() < 1) {
            values.error(setting, "must be at least 1 ms");
        }
        return duration;
    }
}
