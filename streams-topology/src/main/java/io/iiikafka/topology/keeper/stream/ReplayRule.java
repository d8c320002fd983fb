package io.iiikafka.topology.keeper.stream;

/**
 * What is kept of the events of a stream (spec: stream.md 13.1).
 *
 * @param enabled whether there is a log at all
 * @param maxAgeMs older events are no longer read; 0: no limit
 * @param maxEvents of each group; 0: no limit
 * @param maxEventBytes a longer event keeps its place in the log, but not its data
 */
public record ReplayRule(boolean enabled, long maxAgeMs, long maxEvents, int maxEventBytes) {

    public static final ReplayRule DEFAULT = new ReplayRule(true, 7 * 86_400_000L, 100_000, 1 << 20);
    static final ReplayRule OFF = new ReplayRule(false, 0, 0, 0);
}
