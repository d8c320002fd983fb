package io.iiikafka.topology.topics;

import java.time.Duration;

/**
 * What an operator decides about the topics.
 *
 * @param topics their names
 * @param partitions of {@code invocations}: how many stream threads can route at once
 * @param slots partitions of {@code deliveries} and {@code results}: the most gateways that can run beside each other
 * @param replicationFactor copies of each record; {@link #AUTO}: as many as there are brokers, at most three
 * @param maxRecordBytes the largest record: two of the largest payloads and headers
 * @param retention how long calls and results can be read
 * @param retentionBytes what each partition of calls and results keeps at most; {@link #UNBOUNDED}: only time counts
 * @param eventRetention how long the events of streams can be replayed
 */
public record TopicSettings(
        Topics topics,
        int partitions,
        int slots,
        int replicationFactor,
        int maxRecordBytes,
        Duration retention,
        long retentionBytes,
        Duration eventRetention) {

    public static final int AUTO = 0;
    public static final long UNBOUNDED = -1;

    private static final int USUAL_REPLICATION = 3;

    /** With {@link #AUTO} decided for a cluster of that many brokers. */
    public TopicSettings forBrokers(int brokers) {
        return replicationFactor == AUTO ? withReplication(Math.min(brokers, USUAL_REPLICATION)) : this;
    }

    /** With {@link #AUTO} decided for a production cluster that nobody has looked at. */
    public TopicSettings forUsualCluster() {
        return forBrokers(USUAL_REPLICATION);
    }

    private TopicSettings withReplication(int copies) {
        return new TopicSettings(
                topics, partitions, slots, copies, maxRecordBytes, retention, retentionBytes, eventRetention);
    }
}
