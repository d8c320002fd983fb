package io.iiikafka.gateway.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.JobWatch;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Metrics of named queues and subscriptions (spec: queue.md 9), of the partitions that this process runs: {@code queue} is
 * the name of the queue, or the topic; {@code subscription} is {@code <namespace>/<identity>}, empty for a named queue. Those
 * beyond the first thousand are counted together.
 */
public final class QueueMeters implements JobWatch {

    private static final int MOST_NAMES = 1_000;
    private static final String OTHERS = "(others)";

    private final MeterRegistry registry;
    private final Map<String, OfQueue> known = new ConcurrentHashMap<>();

    public QueueMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public OfQueue of(String key) {
        OfQueue found = known.get(key);
        if (found != null) {
            return found;
        }
        return known.size() < MOST_NAMES
                ? known.computeIfAbsent(key, absent -> new Meters(registry, tags(absent), true))
                : known.computeIfAbsent(
                        OTHERS, absent -> new Meters(registry, Tags.of("queue", OTHERS, "subscription", OTHERS), false));
    }

    private static Tags tags(String key) {
        String subscriber = EntryKey.isSubscription(key) ? EntryKey.subscriberOf(key) : "";
        return Tags.of("queue", Agreements.nameOf(key), "subscription", subscriber);
    }

    private static final class Meters implements OfQueue {

        private final Counter enqueued;
        private final Timer waits;
        private final Counter succeeded;
        private final Counter failed;
        private final Timer deliveries;
        private final Counter retried;
        private final Counter deadLettered;
        private final AtomicLong jobs;
        private final AtomicLong delayed;
        private final AtomicLong running;
        private final AtomicLong oldest = new AtomicLong();

        /** @param single whether it is one queue, of which one job is the oldest */
        Meters(MeterRegistry registry, Tags tags, boolean single) {
            enqueued = counter(registry, "enqueued", tags, "Jobs that came, also back from the dead letters");
            succeeded = counter(registry, "succeeded", tags, "Deliveries that ended well");
            failed = counter(registry, "failed", tags, "Deliveries that did not");
            retried = counter(registry, "retried", tags, "Failed deliveries after which there is another one");
            deadLettered = counter(registry, "dead_lettered", tags, "Jobs that were given up");
            waits = Timer.builder("iii.queue.wait")
                    .description("From when a job might be delivered until it is; its count is that of deliveries")
                    .tags(tags)
                    .register(registry);
            deliveries = Timer.builder("iii.queue.delivery")
                    .description("From a delivery to its answer")
                    .tags(tags)
                    .register(registry);
            jobs = new AtomicLong();
            delayed = gauge(registry, "delayed", tags, "Jobs that wait for a time");
            running = gauge(registry, "in_flight", tags, "Deliveries that are not answered yet");
            Gauge.builder("iii.queue.depth", () -> jobs.get() - delayed.get())
                    .description("Jobs that run or wait for nothing but others")
                    .tags(tags)
                    .register(registry);
            if (single) {
                Gauge.builder("iii.queue.oldest", this::oldestSeconds)
                        .description("For how long the first job that is not done has been here")
                        .baseUnit("seconds")
                        .tags(tags)
                        .register(registry);
            }
        }

        private static Counter counter(MeterRegistry registry, String name, Tags tags, String description) {
            return Counter.builder("iii.queue." + name).description(description).tags(tags).register(registry);
        }

        private static AtomicLong gauge(MeterRegistry registry, String name, Tags tags, String description) {
            AtomicLong value = new AtomicLong();
            Gauge.builder("iii.queue." + name, value, AtomicLong::get)
                    .description(description)
                    .tags(tags)
                    .register(registry);
            return value;
        }

        private double oldestSeconds() {
            long createdMs = oldest.get();
            return createdMs == 0 ? 0 : Math.max(0, System.currentTimeMillis() - createdMs) / 1_000.0;
        }

        @Override
        public void enqueued() {
            enqueued.increment();
        }

        @Override
        public void delivered(long waitedMs) {
            waits.record(Math.max(0, waitedMs), TimeUnit.MILLISECONDS);
        }

        @Override
        public void ended(boolean success, long tookMs) {
            (success ? succeeded : failed).increment();
            deliveries.record(Math.max(0, tookMs), TimeUnit.MILLISECONDS);
        }

        @Override
        public void retried() {
            retried.increment();
        }

        @Override
        public void deadLettered() {
            deadLettered.increment();
        }

        @Override
        public void jobs(int more) {
            jobs.addAndGet(more);
        }

        @Override
        public void delayed(int more) {
            delayed.addAndGet(more);
        }

        @Override
        public void running(int more) {
            running.addAndGet(more);
        }

        @Override
        public void oldest(long createdMs) {
            oldest.lazySet(createdMs);
        }
    }
}
