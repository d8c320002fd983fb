package io.iiikafka.topology.keeper.queue;

import java.util.ArrayList;
import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.Jobs;
import io.iiikafka.topology.keeper.job.Operations;

/**
 * What a function of queues has at hand while it runs a command.
 *
 * @param later takes commands for other partitions
 */
record QueueWork(
        Command command,
        Jobs jobs,
        Agreements agreements,
        Subscriptions subscriptions,
        Backlogs backlogs,
        Catalog catalog,
        List<Later> later) {

    QueueWork(
            Command command,
            Jobs jobs,
            Agreements agreements,
            Subscriptions subscriptions,
            Backlogs backlogs,
            Catalog catalog) {
        this(command, jobs, agreements, subscriptions, backlogs, catalog, new ArrayList<>(0));
    }

    Operations operations() {
        return jobs.operations();
    }

    long nowMs() {
        return command.timestampMs();
    }
}
