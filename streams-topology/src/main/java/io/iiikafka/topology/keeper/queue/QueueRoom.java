package io.iiikafka.topology.keeper.queue;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.Room;
import io.iiikafka.topology.keeper.job.Jobs;
import org.apache.kafka.streams.state.StoreBuilder;

/** Named queues and durable topics: the table of their functions. */
public final class QueueRoom implements Room {

    private final List<QueueFunction> functions = List.of(
            new Enqueue(),
            new Publish("iii::durable::publish"),
            new Publish("enqueue"),
            new Publish("emit"),
            new Redrive(Redrive.ID),
            DeadLetterFunction.redrive(),
            DeadLetterFunction.discard(),
            new TopicStats(),
            new DlqTopics(DlqTopics.ID),
            new DlqMessages(),
            new EnqueueWithOptions(),
            JobFunction.show(),
            JobFunction.cancel(),
            new ListJobs(),
            new Pause("iii::queue::pause", true),
            new Pause("iii::queue::resume", false),
            new Clearing(Clearing.PURGE),
            new Clearing(Clearing.DISCARD),
            new Extend(Extend.ID));
    private final Failed failed = new Failed();
    private final Lent lent = new Lent();
    private final Returned returned = new Returned();
    private final List<QueueFunction> parts = List.of(
            new Redrive(Redrive.PART),
            new Redrive(Redrive.NEXT),
            new DlqTopics(DlqTopics.PART),
            new Clearing(Clearing.PURGE_PART),
            new Clearing(Clearing.DISCARD_PART),
            new Clearing(Clearing.NEXT),
            new Extend(Extend.PART),
            failed,
            lent,
            returned);

    @Override
    public List<? extends KeeperFunction> functions() {
        return functions;
    }

    @Override
    public List<String> parts() {
        return parts.stream().map(QueueFunction::id).toList();
    }

    /** Takes over deliveries that failed; a part, for gateways to ask for it themselves. */
    public KeeperFunction failed() {
        return failed;
    }

    /** Keeps a job that a gateway runs; likewise. */
    public KeeperFunction lent() {
        return lent;
    }

    /** Hears how such a job ended; likewise. */
    public KeeperFunction returned() {
        return returned;
    }

    /** All that it keeps are jobs and dead letters, which every keeper has. */
    @Override
    public List<StoreBuilder<?>> stores() {
        return List.of();
    }

    @Override
    public Desks open(Catalog catalog) {
        Subscriptions subscriptions = Subscriptions.of(catalog);
        Map<String, QueueFunction> all = Stream.concat(functions.stream(), parts.stream())
                .collect(Collectors.toMap(QueueFunction::id, Function.identity()));
        return new Desks() {
            @Override
            public Desk open(Stores stores) {
                throw new IllegalStateException("Queues need jobs");
            }

            @Override
            public Desk open(Stores stores, Jobs jobs) {
                return new QueueDesk(all, jobs, subscriptions, catalog);
            }
        };
    }
}
