package io.iiikafka.gateway.cron;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.iiikafka.topology.keeper.cron.CronWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Metrics of schedules (spec: cron.md 9), of the partitions that this process runs. */
public final class CronMeters implements CronWatch {

    private final MeterRegistry registry;
    private final Timer lateness;
    private final Map<Integer, Integer> schedules = new ConcurrentHashMap<>();

    public CronMeters(MeterRegistry registry) {
        this.registry = registry;
        this.lateness = Timer.builder("iii.cron.lateness")
                .description("How long after its tick a scheduled function is called; its count is that of fires")
                .register(registry);
        Gauge.builder("iii.cron.schedules", schedules, all -> all.values().stream().mapToInt(each -> each).sum())
                .description("Schedules")
                .register(registry);
    }

    @Override
    public void fired(long lateMs) {
        lateness.record(lateMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void skipped(String reason) {
        registry.counter("iii.cron.skips", "reason", reason).increment();
    }

    @Override
    public void ended(String status, long durationMs) {
        registry.timer("iii.cron.runs", "status", status).record(durationMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public void schedules(int partition, int count) {
        schedules.put(partition, count);
    }
}
