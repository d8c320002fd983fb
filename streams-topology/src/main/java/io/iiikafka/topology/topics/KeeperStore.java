package io.iiikafka.topology.topics;

/** The keeper's stores; the log of each is a compacted topic under the prefix. */
public enum KeeperStore {
    /** Current values. Public: keys and values are plain text and JSON. */
    STATE("state", "current values of state"),
    /** How many keys each scope has, and its counters. */
    STATE_SCOPES("state-scopes", "scopes of state"),
    /** What is kept beside values: leases, first replies, forks and what they need of their parents. */
    STATE_NOTES("state-notes", "leases, first replies and forks of state"),
    /** What was changed, by whom and why, by key and version. Public: values are JSON. */
    STATE_HISTORY("state-history", "changes of state"),
    /** Current items. Public: keys and values are plain text and JSON. */
    STREAMS("streams", "current items of streams"),
    /** How many items each group has, its clock and its offset. */
    STREAM_GROUPS("stream-groups", "groups of streams"),
    /** The newest events of each group, by offset, so that they can be read again. */
    STREAM_LOG("stream-log", "newest events of streams, by group and offset"),
    /** What is kept beside items: positions and leases of consumer groups, when what is due, first replies. */
    STREAM_NOTES("stream-notes", "consumer groups of streams"),
    /** The newest events of each topic of pub/sub, by offset, so that late subscribers can be told of them. */
    PUBSUB_LOG("pubsub-log", "newest published events, by topic and offset"),
    /** How many events each topic has seen, and how far late subscribers are. */
    PUBSUB_NOTES("pubsub-notes", "topics of pub/sub"),
    /** What is called until it is answered: jobs of queues and deliveries of triggers, with their attempts. */
    JOBS("jobs", "jobs of queues and deliveries of triggers that are not done, and their back-off"),
    /** Jobs that were given up. Public: keys are plain text, values are JSON. */
    DEAD_LETTERS("dead-letters", "jobs of queues and messages of topics that were given up"),
    /** How far each schedule is, and which of its runs are not answered. */
    CRON("cron", "schedules and their runs"),
    /** The last runs of each schedule. Public: values are JSON. */
    CRON_HISTORY("cron-history", "the last runs of schedules");

    private final String storeName;
    private final String purpose;

    KeeperStore(String storeName, String purpose) {
        this.storeName = storeName;
        this.purpose = purpose;
    }

    /** The name of the store within the topology. */
    public String storeName() {
        return storeName;
    }

    String purpose() {
        return purpose;
    }
}
