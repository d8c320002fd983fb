package io.iiikafka.gateway.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counters of what goes to stream sockets, by stream; those beyond the first thousand are counted together. */
final class StreamMetrics {

    private static final int MOST_NAMES = 1_000;
    private static final String OTHERS = "(others)";

    private record Key(String counter, String stream) {}

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Counter stuck;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger subscriptions = new AtomicInteger();

    StreamMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("iii.stream.connections", connections, AtomicInteger::get).register(registry);
        Gauge.builder("iii.stream.subscriptions", subscriptions, AtomicInteger::get).register(registry);
        this.stuck = registry.counter("iii.stream.connections.stuck");
    }

    int connections() {
        return connections.get();
    }

    void connected() {
        connections.incrementAndGet();
    }

    void disconnected() {
        connections.decrementAndGet();
    }

    /** A connection is closed because its client takes nothing. */
    void stuck() {
        stuck.increment();
    }

    void subscribed(int more) {
        subscriptions.addAndGet(more);
    }

    /** To be kept by who counts often. */
    Counter sent(String stream) {
        return counter("iii.stream.frames.sent", stream);
    }

    void merged(String stream) {
        count("iii.stream.frames.merged", stream, 1);
    }

    void dropped(String stream, int frames) {
        count("iii.stream.frames.dropped", stream, frames);
    }

    void resynced(String stream) {
        count("iii.stream.resyncs", stream, 1);
    }

    private void count(String counter, String stream, int amount) {
        counter(counter, stream).increment(amount);
    }

    private Counter counter(String counter, String stream) {
        Counter known = counters.get(new Key(counter, stream));
        if (known == null) {
            String name = counters.size() < MOST_NAMES ? stream : OTHERS;
            known = counters.computeIfAbsent(
                    new Key(counter, name), key -> registry.counter(key.counter(), "stream", key.stream()));
        }
        return known;
    }
}
