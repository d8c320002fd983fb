package io.iiikafka.topology.topics;

/**
 * The names of the topics, all under one prefix so that one ACL rule covers them.
 *
 * @param prefix {@code iii.} unless configured; may be empty
 */
public record Topics(String prefix) {

    public static final String DEFAULT_PREFIX = "iii.";

    /** Every call of a worker's function, as asked; key: function id. */
    public String invocations() {
        return prefix + "invocations";
    }

    /** Every call of a function that the keeper runs; key: what owns it, for state the scope. */
    public String commands() {
        return prefix + "commands";
    }

    /** Calls addressed to the gateway slot (= partition) whose worker will run them; key: function id. */
    public String deliveries() {
        return prefix + "deliveries";
    }

    /** Outcomes addressed to the slot (= partition) of the gateway that asked; key: invocation id. */
    public String results() {
        return prefix + "results";
    }

    /** Gateways, workers, functions, triggers, trigger types, services: compacted, one partition; key: entry id. */
    public String catalog() {
        return prefix + "catalog";
    }

    /** Every change and event of streams, in order: the log that is replayed; key: stream and group. */
    public String streamEvents() {
        return prefix + "stream-events";
    }

    /** Every event that was published, as a CloudEvent; key: its topic. */
    public String events() {
        return prefix + "events";
    }

    /** The jobs of a standard queue that gateways read as a share group, whose id is the same. */
    public String queue(String name) {
        return prefix + "queue." + name;
    }

    /** The consumer group that hands slots to gateways. */
    public String slotGroup() {
        return prefix + "gateways";
    }

    /** The Streams application that routes calls: its group id and the prefix of what it names. */
    public String routerApplication() {
        return prefix + "router";
    }

    /** The Streams application that runs state: its group id and the prefix of what it names. */
    public String keeperApplication() {
        return prefix + "keeper";
    }

    /** The log of one of the keeper's stores, under the name that Streams gives it. */
    public String changelog(KeeperStore store) {
        return keeperApplication() + "-" + store.storeName() + "-changelog";
    }
}
