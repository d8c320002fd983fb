package io.iiikafka.gateway.channel;

import java.time.Duration;

/**
 * Bounds of channels.
 *
 * @param unopenedLife how long an end may stay unopened before the channel is taken away
 * @param sweepEvery how often that is looked for
 * @param bufferBytes most bytes that one channel holds for a reader that is absent or slow
 * @param closeGrace how long after a writer's close frame frames that it overtook are still taken
 * @param pingSearch how long a writer's socket may stay unread before pings are looked for that wait in it
 */
public record ChannelSettings(
        Duration unopenedLife, Duration sweepEvery, int bufferBytes, Duration closeGrace, Duration pingSearch) {

    private static final Duration SLOWEST_SWEEP = Duration.ofSeconds(60);

    /** SDKs ping every 20 s and wait 20 s for the answer: the second search finds it, in time. */
    private static final Duration PING_SEARCH = Duration.ofSeconds(12);

    public static final ChannelSettings DEFAULT = of(Duration.ofMinutes(5), 4 * 1024 * 1024, Duration.ofMillis(10));

    /** With all else as usual. */
    public static ChannelSettings of(Duration unopenedLife, int bufferBytes, Duration closeGrace) {
        Duration sweep = unopenedLife.dividedBy(5);
        return new ChannelSettings(
                unopenedLife,
                sweep.compareTo(SLOWEST_SWEEP) < 0 ? sweep : SLOWEST_SWEEP,
                bufferBytes,
                closeGrace,
                PING_SEARCH);
    }
}
