package io.iiikafka.gateway.pubsub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.topology.keeper.pubsub.PubsubWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Metrics of topics (spec: pubsub.md 6), of the partitions that this process runs. */
public final class PubsubMeters implements PubsubWatch {

    /** So many topics have a name in metrics: each is kept for ever. */
    private static final int MOST_TOPICS = 500;

    private static final String OTHERS = "(others)";

    private record Counters(Counter published, Counter told) {}

    private final MeterRegistry registry;
    private final Map<String, Counters> byTopic = new ConcurrentHashMap<>();

    public PubsubMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void published(String topic) {
        counters(topic).published().increment();
    }

    @Override
    public void told(String topic, int subscriptions) {
        counters(topic).told().increment(subscriptions);
    }

    private Counters counters(String topic) {
        Counters known = byTopic.get(topic);
        if (known != null) {
            return known;
        }
        String name = byTopic.size() < MOST_TOPICS ? topic : OTHERS;
        return byTopic.computeIfAbsent(
                name,
                tag -> new Counters(
                        Counter.builder("iii.pubsub.published")
                                .description("Events that were published")
                                .tag("topic", tag)
                                .register(registry),
                        Counter.builder("iii.pubsub.deliveries")
                                .description("Calls of subscriptions that were sent")
                                .tag("topic", tag)
                                .register(registry)));
    }
}
