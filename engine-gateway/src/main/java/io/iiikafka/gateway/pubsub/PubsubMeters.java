package io.iiikafka.gateway.pubsub;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.invocation.EventWatch;
import io.iiikafka.topology.keeper.pubsub.PubsubWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Metrics of topics (spec: pubsub.md 6): of the partitions that this process runs what is published and sent, of its
 * gateway what becomes of it.
 */
public final class PubsubMeters implements PubsubWatch, EventWatch {

    /** So many topics have a name in metrics: each is kept for ever. */
    private static final int MOST_TOPICS = 500;

    private static final String OTHERS = "(others)";

    /** What is counted of a topic. */
    private enum Count {
        PUBLISHED("iii.pubsub.published", "Events that were published"),
        TOLD("iii.pubsub.deliveries", "Calls of subscriptions that were sent"),
        DELIVERED("iii.pubsub.delivered", "Calls of subscriptions that ended well"),
        FAILED("iii.pubsub.failed", "Calls of subscriptions that failed, or found no worker"),
        DROPPED("iii.pubsub.dropped", "Calls of subscriptions that waited for too long, or were too many");

        private final String meter;
        private final String description;

        Count(String meter, String description) {
            this.meter = meter;
            this.description = description;
        }
    }

    private record Key(Count count, String topic) {}

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();

    public PubsubMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void published(String topic) {
        counter(Count.PUBLISHED, topic).increment();
    }

    @Override
    public void told(String topic, int subscriptions) {
        counter(Count.TOLD, topic).increment(subscriptions);
    }

    @Override
    public void delivered(String topic) {
        counter(Count.DELIVERED, topic).increment();
    }

    @Override
    public void failed(String topic) {
        counter(Count.FAILED, topic).increment();
    }

    @Override
    public void dropped(String topic) {
        counter(Count.DROPPED, topic).increment();
    }

    private Counter counter(Count count, String topic) {
        Counter known = counters.get(new Key(count, topic));
        if (known != null) {
            return known;
        }
        String name = names.size() < MOST_TOPICS ? names.computeIfAbsent(topic, same -> same) : names.getOrDefault(topic, OTHERS);
        return counters.computeIfAbsent(
                new Key(count, name),
                key -> Counter.builder(count.meter)
                        .description(count.description)
                        .tag("topic", name)
                        .register(registry));
    }
}
