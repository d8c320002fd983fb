package io.iiikafka.gateway.channel;

import java.time.Duration;

/**
 * Bounds of channels.
 *
 * @param unopenedLife how long an end may stay unopened before the channel is taken away
 * @param sweepEvery how often that is looked for
 * @param bufferBytes most bytes that one channel holds for a reader that is absent or slow
 */
public record ChannelSettings(Duration unopenedLife, Duration sweepEvery, int bufferBytes) {

    public static final ChannelSettings DEFAULT =
            new ChannelSettings(Duration.ofMinutes(5), Duration.ofSeconds(60), 4 * 1024 * 1024);
}
