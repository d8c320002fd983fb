package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;

/**
 * Channels between workers, and for bodies of HTTP requests (spec: protocol.md 8).
 *
 * @param unopenedLife how long an end may stay unopened before the channel is taken away; default 5 min
 * @param bufferBytes what one channel holds for a reader that is absent or slow, in bytes; default 4 MiB
 * @param closeGrace how long after a writer's close frame data is still taken; 0: not at all; default 10 ms
 */
public record ChannelsConfig(Duration unopenedLife, int bufferBytes, Duration closeGrace) {

    static final Setting<Duration> UNOPENED_LIFE = Setting.of(
            "channels.unopened_life",
            SettingTypes.DURATION,
            Duration.ofMinutes(5),
            "how long an end of a channel may stay unopened");
    static final Setting<Integer> BUFFER = Setting.of(
            "channels.buffer",
            SettingTypes.SMALL_SIZE,
            4 * 1024 * 1024,
            "what one channel holds for a reader that is absent or slow; then its writer is held back");
    static final Setting<Duration> CLOSE_GRACE = Setting.of(
            "channels.close_grace",
            SettingTypes.DURATION,
            Duration.ofMillis(10),
            "how long after a writer's close frame data that it overtook is still taken");

    static final List<Setting<?>> SETTINGS = List.of(UNOPENED_LIFE, BUFFER, CLOSE_GRACE);

    static ChannelsConfig from(Values values) {
        ChannelsConfig channels =
                new ChannelsConfig(values.get(UNOPENED_LIFE), values.get(BUFFER), values.get(CLOSE_GRACE));
        if (channels.unopenedLife.compareTo(Duration.ofSeconds(1)) < 0) {
            values.error(UNOPENED_LIFE, "must be at least 1s, or channels go before anybody can open them");
        }
        return channels;
    }
}
