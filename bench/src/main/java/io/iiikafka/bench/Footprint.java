package io.iiikafka.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

import io.iiikafka.bench.engine.EngineProcess;

/** What the engine costs when nobody calls, and how soon it is there. */
final class Footprint {

    /** What the compiler has left to do after a start or a load is not idleness: it takes minutes over what runs rarely. */
    private static final Duration SETTLE = Duration.ofMinutes(2);

    private static final Duration WATCH = Duration.ofMinutes(1);
    private static final int STARTS = 5;

    private Footprint() {}

    /** Starts with nothing else going on, each on an empty data directory. */
    static void starts(Options options, Results results) throws IOException {
        double[] seconds = new double[STARTS];
        for (int start = 0; start < STARTS; start++) {
            try (EngineProcess engine = EngineProcess.start(
                    options.home(),
                    options.target().resolve("data/start-" + start),
                    options.logs().resolve("start-" + start + ".log"),
                    "--broker-port", "0")) {
                seconds[start] = engine.readySeconds();
            }
        }
        Arrays.sort(seconds);
        results.fact("ready", "the engine is ready after the start of ./iii, median of " + STARTS,
                seconds[STARTS / 2], "s");
        results.fact("ready_worst", "the slowest of these starts", seconds[STARTS - 1], "s");
    }

    static void peak(EngineProcess engine, Results results) throws IOException {
        results.fact("rss_peak", "the whole embedded engine's most resident memory under that load",
                engine.facts().peakMegabytes(), "MB");
    }

    /** The engine that has just carried the load, its workers still connected. */
    static void afterLoad(EngineProcess engine, Results results) throws IOException, InterruptedException {
        peak(engine, results);
        Thread.sleep(SETTLE);
        results.fact("idle_cpu_whole", "idle, broker included", engine.facts().cpuPercent(WATCH), "% of a core");
    }

    /** Gateway and router in one process, the broker in another. */
    static void apart(Options options, Results results) throws IOException, InterruptedException {
        try (EngineProcess broker = EngineProcess.start(
                        options.home(),
                        options.target().resolve("data/apart-broker"),
                        options.logs().resolve("apart-broker.log"),
                        "--roles", "broker", "--broker-port", "0");
                EngineProcess rest = EngineProcess.start(
                        options.home(),
                        options.target().resolve("data/apart-rest"),
                        options.logs().resolve("apart-rest.log"),
                        "--roles", "gateway,router", "--kafka", broker.kafka())) {
            Thread.sleep(SETTLE);
            results.fact("idle_cpu_apart", "idle gateway and router, broker in another process",
                    rest.facts().cpuPercent(WATCH), "% of a core");
            results.fact("idle_cpu_broker", "that idle broker", broker.facts().cpuPercent(WATCH), "% of a core");
        }
    }
}
