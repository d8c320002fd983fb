package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.Map;

import io.iiikafka.gateway.Gateway;
import io.iiikafka.gateway.config.QueueConfig;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.queue.QueueSettings;
import io.vertx.core.Vertx;

/** All that a gateway has to do with queues and durable topics. */
public final class QueueParts {

    static final String WORKER_NAME = "iii-queue";

    private QueueParts() {}

    /** Adds them, before the gateway is started. */
    public static void serve(Vertx vertx, Gateway gateway, QueueConfig config, Tracing tracing) {
        serve(vertx, gateway, config.queues(), config.subscriptions(), config.subscriptionExpiry(), tracing);
    }

    /**
     * As {@link #serve(Vertx, Gateway, QueueConfig, Tracing)}.
     *
     * @param queues that are configured, by their names
     * @param subscriptions what holds for subscriptions that do not say
     * @param expiry a subscription that has had no trigger for so long ends
     */
    public static void serve(
            Vertx vertx,
            Gateway gateway,
            Map<String, QueueSettings> queues,
            QueueSettings subscriptions,
            Duration expiry,
            Tracing tracing) {
        NamedQueues named = new NamedQueues(gateway.catalog(), gateway.catalogWriter());
        gateway.catalog().listen(named);
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
        gateway.enqueueBy(new Enqueuer(named, gateway.invoker(), gateway::refreshCatalog, tracing));
        gateway.invoker().serve(new DefineQueue(named));
        gateway.invoker().serve(new ListTopics(gateway.catalog(), named, subscriber));
        SubscriptionExpiry ends = new SubscriptionExpiry(vertx, durable, expiry);
        gateway.whenCaughtUp(() -> {
            durable.begin();
            ends.begin();
            return named.configure(queues);
        });
    }
}
