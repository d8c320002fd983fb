package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.Map;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.config.QueueConfig;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.gateway.tracing.TriggerSpans;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.iiikafka.topology.keeper.queue.QueueRoom;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.topics.Topics;
import io.vertx.core.Vertx;

/** All that a gateway has to do with queues and durable topics. Closed before the gateway is. */
public final class QueueParts implements AutoCloseable {

    static final String WORKER_NAME = "iii-queue";

    /**
     * The topics of queues.
     *
     * @param room whose functions gateways ask for themselves
     * @param largestRecord in bytes
     * @param watch is told what becomes of the jobs that gateways run themselves
     */
    public record Sharing(
            QueueRoom room, Topics topics, Map<String, Object> clientProperties, int largestRecord, JobWatch watch) {}

    private final ShareQueues shares;

    private QueueParts(ShareQueues shares) {
        this.shares = shares;
    }

    /** Adds them, before the gateway is started. */
    public static QueueParts serve(Vertx vertx, Gateway gateway, Sharing sharing, QueueConfig config, Tracing tracing) {
        return serve(
                vertx, gateway, sharing, config.queues(), config.subscriptions(), config.subscriptionExpiry(), tracing);
    }

    /**
     * As {@link #serve(Vertx, Gateway, Sharing, QueueConfig, Tracing)}.
     *
     * @param queues that are configured, by their names
     * @param subscriptions what holds for subscriptions that do not say
     * @param expiry a subscription that has had no trigger for so long ends
     */
    public static QueueParts serve(
            Vertx vertx,
            Gateway gateway,
            Sharing sharing,
            Map<String, QueueSettings> queues,
            QueueSettings subscriptions,
            Duration expiry,
            Tracing tracing) {
        NamedQueues named = new NamedQueues(gateway.catalog(), gateway.catalogWriter());
        gateway.catalog().listen(named);
        ShareQueues shares = new ShareQueues(
                vertx,
                gateway,
                named,
                sharing,
                TriggerSpans.of(tracing).deliveries());
        gateway.catalog().listen(shares);
        new ShareDetours(shares, named, gateway.invoker()).serve();
        DurableSubscriber subscriber = new DurableSubscriber(subscriptions);
        gateway.serve(subscriber);
        DurableSubscriptions durable = new DurableSubscriptions(
                gateway.catalog(),
                gateway.catalogWriter(),
                gateway.connections(),
                trigger -> DurableSubscriber.ID.equals(gateway.builtinTypeOf(trigger))
                        ? subscriber.subscription(trigger)
                        : null);
        gateway.catalog().listen(durable);
        gateway.accompany(durable);
        gateway.enqueueBy(new Enqueuer(named, shares, gateway.invoker(), gateway::refreshCatalog, tracing));
        gateway.invoker().serve(new DefineQueue(named, shares));
        gateway.invoker().serve(new ListTopics(gateway.catalog(), named, subscriber));
        SubscriptionExpiry ends = new SubscriptionExpiry(vertx, durable, expiry);
        gateway.whenCaughtUp(() -> {
            durable.begin();
            ends.begin();
            return shares.admit(queues).compose(named::configure).onSuccess(done -> shares.begin());
        });
        return new QueueParts(shares);
    }

    @Override
    public void close() {
        shares.close();
    }
}
