package io.iiikafka.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.report.Row;

/** What a thousand idle workers with ten thousand functions do to everybody else, and to a gateway that joins. */
final class Crowd {

    static final int WORKERS = 1_000;
    static final int FUNCTIONS_EACH = 10;
    static final String ALONE = "java-alone";
    static final String CROWDED = "java-crowded";

    private final Options options;
    private final EngineProcess engine;
    private final Child java;
    private final Results results;

    Crowd(Options options, EngineProcess engine, Child java, Results results) {
        this.options = options;
        this.engine = engine;
        this.java = java;
        this.results = results;
    }

    void measure() throws IOException {
        double empty = secondGateway("second-gateway-empty");
        latency(ALONE);
        long begin = System.nanoTime();
        Child crowd = Children.node(
                options,
                "iii-crowd",
                "iii-crowd.mjs",
                engine.workers(),
                Integer.toString(WORKERS),
                Integer.toString(FUNCTIONS_EACH));
        try {
            results.fact(
                    "crowd_connect", "1,000 workers with 10,000 functions, connected and callable after",
                    (System.nanoTime() - begin) / 1e9, "s");
            latency(CROWDED);
            results.fact("rss_crowd", "resident memory with them", engine.facts().residentMegabytes(), "MB");
            double full = secondGateway("second-gateway-full");
            results.fact("second_gateway_empty", "a second gateway (own process) is ready, empty catalog", empty, "s");
            results.fact("second_gateway_full", "the same with 10,000 functions in the catalog", full, "s");
        } finally {
            crowd.close();
        }
    }

    private double secondGateway(String name) throws IOException {
        try (EngineProcess second = EngineProcess.start(
                options.home(),
                options.target().resolve("data/" + name),
                options.logs().resolve(name + ".log"),
                "--roles", "gateway",
                "--kafka", engine.kafka())) {
            return second.readySeconds();
        }
    }

    private void latency(String subject) throws IOException {
        for (int inFlight : List.of(1, 256)) {
            List<Measurement> rounds = new ArrayList<>();
            for (int round = 0; round < options.rounds(); round++) {
                rounds.add(java.run("call", new Load(inFlight, options.duration()), Measurement.class));
            }
            Row row = Row.of(subject, inFlight, rounds);
            Results.say("  %-13s %4d in flight %,10.0f/s   p50 %,9.0f µs".formatted(
                    subject, inFlight, row.perSecond().median(), row.p50().median()));
            results.rows.add(row);
        }
    }
}
