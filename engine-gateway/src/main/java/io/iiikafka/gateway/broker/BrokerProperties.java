package io.iiikafka.gateway.broker;

import java.util.Properties;

/**
 * A stock Kafka configuration for one node that is broker and controller, made small: few threads and partitions of
 * internal topics, little memory for the cleaner. Nothing that clients can see of a cluster is loosened.
 */
final class BrokerProperties {

    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerProperties() {}

    /** What the last broker on the directory came to. */
    enum Past {
        /** There was none. */
        NONE,
        STOPPED,
        CRASHED
    }

    static Properties of(BrokerSettings settings, int port, int controllerPort, Past past) {
        boolean crashed = past == Past.CRASHED;
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", Integer.toString(NODE_ID));
        p.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        p.put("controller.listener.names", CONTROLLER_LISTENER);
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        p.put("log.dirs", settings.directory().toString());

        p.put("auto.create.topics.enable", "false");
        p.put("message.max.bytes", Integer.toString(settings.maxRecordBytes()));
        p.put("offsets.topic.num.partitions", "4");
        p.put("offsets.topic.replication.factor", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");

        // A member of a share group learns by a heartbeat what it may read: with the usual five seconds it would wait so long.
        p.put("group.share.min.heartbeat.interval.ms", "500");
        p.put("group.share.heartbeat.interval.ms", "1000");
        p.put("group.share.min.assignment.interval.ms", "0");
        p.put("group.share.assignment.interval.ms", "0");

        // Nobody else will join a group in the first seconds; waiting for them would only delay the start.
        p.put("group.initial.rebalance.delay.ms", "0");
        // A crashed exactly-once client holds up readers until its transaction is found to be over time. But a broker that
        // starts again must not look for such before it leads its partitions: it takes those without a leader for deleted
        // and leaves the transaction open there, for good.
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", past == Past.NONE ? "1000" : "10000");
        // On a starved machine heartbeats come late, and a broker without a session has no partitions. But after a crash
        // the controller refuses the same broker until the session that it remembers has run out.
        p.put("broker.session.timeout.ms", crashed ? "3000" : "9000");
        // The controller takes a heartbeat that waited for half of this for lost.
        p.put("broker.heartbeat.interval.ms", crashed ? "500" : "2000");

        // Beside gateway and router in one process, threads beyond the processors only add changes between them.
        int processors = Runtime.getRuntime().availableProcessors();
        p.put("num.network.threads", processors < 4 ? "1" : "2");
        p.put("num.io.threads", processors < 4 ? "2" : "4");
        p.put("background.threads", "2");
        p.put("num.recovery.threads.per.data.dir", "2");
        p.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024));
        p.put("log.index.size.max.bytes", Integer.toString(1024 * 1024));
        p.put("offsets.topic.segment.bytes", Integer.toString(16 * 1024 * 1024));
        p.put("transaction.state.log.segment.bytes", Integer.toString(16 * 1024 * 1024));
        p.put("share.coordinator.state.topic.segment.bytes", Integer.toString(16 * 1024 * 1024));
        // An idle controller writes a record this often to show that it can; twice a second is for large clusters.
        p.put("metadata.max.idle.interval.ms", "5000");
        p.put("metadata.log.segment.bytes", Integer.toString(16 * 1024 * 1024));
        return p;
    }
}
