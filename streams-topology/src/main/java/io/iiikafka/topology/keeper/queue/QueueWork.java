package io.iiikafka.topology.keeper.queue;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.Jobs;

/** What a function of queues has at hand while it runs a command. */
record QueueWork(Command command, Jobs jobs, Agreements agreements, Subscriptions subscriptions, Catalog catalog) {

    long nowMs() {
        return command.timestampMs();
    }
}
