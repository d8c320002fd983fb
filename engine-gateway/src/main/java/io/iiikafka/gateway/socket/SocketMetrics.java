package io.iiikafka.gateway.socket;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Counters of what happens on worker sockets. */
public final class SocketMetrics {

    private final Counter invalidFrames;
    private final Counter telemetryFrames;
    private final Counter deaths;
    private final Counter spawns;

    public SocketMetrics(MeterRegistry registry, Connections connections) {
        this.invalidFrames = registry.counter("iii.frames.invalid");
        this.telemetryFrames = registry.counter("iii.frames.telemetry");
        this.spawns = registry.counter("iii.workers.spawns");
        this.deaths = registry.counter("iii.workers.deaths");
        Gauge.builder("iii.workers.active", connections, all -> all.all().size()).register(registry);
    }

    void invalidFrame() {
        invalidFrames.increment();
    }

    void telemetryFrame() {
        telemetryFrames.increment();
    }

    void connected() {
        spawns.increment();
    }

    void disconnected() {
        deaths.increment();
    }
}
