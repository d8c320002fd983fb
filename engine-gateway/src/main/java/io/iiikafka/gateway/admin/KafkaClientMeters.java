package io.iiikafka.gateway.admin;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/**
 * Shows the metrics of Kafka clients that an operator looks at, as gauges {@code kafka.<group>.<name>} with the
 * client's id; the hundreds of others, and those per topic, partition and node, are left out. A plug-in of Kafka's,
 * made by each client.
 */
public final class KafkaClientMeters implements MetricsReporter {

    /** The property that hands over the {@link MeterRegistry}. */
    static final String REGISTRY_CONFIG = "iii.meter.registry";

    private static final Set<String> SHOWN = Set.of(
            "records-lag-max",
            "records-consumed-rate",
            "bytes-consumed-rate",
            "fetch-latency-avg",
            "record-send-rate",
            "record-error-rate",
            "record-retry-rate",
            "request-latency-avg",
            "buffer-available-bytes",
            "bufferpool-wait-ratio",
            "connection-count",
            "failed-authentication-total",
            "rebalance-total",
            "failed-rebalance-total",
            "last-heartbeat-seconds-ago",
            "commit-latency-avg",
            "process-rate",
            "process-latency-avg",
            "task-created-total",
            "task-closed-total");
    private static final List<String> FINE_TAGS = List.of("topic", "partition", "node-id", "task-id");

    private final Map<MetricName, Meter> shown = new ConcurrentHashMap<>();
    private @Nullable MeterRegistry registry;

    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(REGISTRY_CONFIG) instanceof MeterRegistry given) {
            registry = given;
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        MetricName name = metric.metricName();
        if (registry == null || !SHOWN.contains(name.name()) || isFine(name)) {
            return;
        }
        String title = "kafka." + name.group().replace("-metrics", "") + "." + name.name();
        Gauge gauge = Gauge.builder(title, metric, KafkaClientMeters::value)
                .description(name.description())
                .tags(name.tags().entrySet().stream()
                        .map(tag -> Tags.of(tag.getKey(), tag.getValue()))
                        .reduce(Tags.empty(), Tags::and))
                .strongReference(true)
                .register(registry);
        shown.put(name, gauge);
    }

    private static boolean isFine(MetricName name) {
        return FINE_TAGS.stream().anyMatch(name.tags()::containsKey);
    }

    private static double value(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        Meter gauge = shown.remove(metric.metricName());
        if (gauge != null && registry != null) {
            registry.remove(gauge);
        }
    }

    @Override
    public void close() {
        if (registry != null) {
            shown.values().forEach(registry::remove);
        }
        shown.clear();
    }
}
