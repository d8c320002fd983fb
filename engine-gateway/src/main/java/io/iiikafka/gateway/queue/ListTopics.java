package io.iiikafka.gateway.queue;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * {@code engine::queue::list_topics} (spec: queue.md 4.5): {@code
 * [{"name":"order.created","broker_type":"kafka","subscriber_count":2}]}; topics that have a subscription, and all named
 * queues, whose count is their concurrency.
 */
final class ListTopics implements EngineFunction {

    private final Catalog catalog;
    private final NamedQueues queues;
    private final DurableSubscriber subscriber;

    ListTopics(Catalog catalog, NamedQueues queues, DurableSubscriber subscriber) {
        this.catalog = catalog;
        this.queues = queues;
        this.subscriber = subscriber;
    }

    @Override
    public String id() {
        return "engine::queue::list_topics";
    }

    @Override
    public String workerName() {
        return QueueParts.WORKER_NAME;
    }

    @Override
    public String description() {
        return "List durable topics and named queues";
    }

    @Override
    public Future<Outcome> call(Call call) {
        Map<String, Integer> live = subscriber.triggersByTopic();
        Set<String> topics = new TreeSet<>(live.keySet());
        catalog.live(CatalogEntry.Subscription.class).forEach(stored -> topics.add(stored.entry().topic()));
        JsonBuilder rows = JsonBuilder.array();
        topics.forEach(topic -> rows.element(row(topic, "kafka", live.getOrDefault(topic, 0))));
        queues.all().forEach((name, settings) -> rows.element(row(name, "function_queue", settings.concurrency())));
        return Future.succeededFuture(new Outcome.Success(rows.build()));
    }

    private static RawJson row(String name, String kind, int count) {
        return JsonBuilder.object()
                .member("name", name)
                .member("broker_type", kind)
                .member("subscriber_count", count)
                .build();
    }
}
