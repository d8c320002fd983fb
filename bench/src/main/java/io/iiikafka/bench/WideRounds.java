package io.iiikafka.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.engine.JavaSdkMain;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Processes;
import io.iiikafka.bench.report.Row;

/** An engine of its own with a million keys in one scope: does everything still work there, and beside it? */
final class WideRounds {

    static final String OTHER = "wide-other";
    static final String OTHER_BESIDE = "wide-other-beside";

    private static final List<String> FUNCTIONS =
            List.of("wide-get", "wide-set", "wide-delete", "wide-page", "wide-keys");

    private final Options options;
    private final Results results;

    WideRounds(Options options, Results results) {
        this.options = options;
        this.results = results;
    }

    void measure() throws IOException {
        try (EngineProcess engine = EngineProcess.start(
                        options.home(),
                        options.target().resolve("data/wide"),
                        options.logs().resolve("wide.log"),
                        "--broker-port", "0");
                Child java = Child.start(
                        "java-wide",
                        options.logs(),
                        Processes.java(JavaSdkMain.class, Children.JVM, engine.workers()),
                        Map.of())) {
            Measurement filled = java.run("wide-fill", new Load(1, options.duration()), Measurement.class);
            results.fact("wide_fill", "keys set in one scope of a million", filled.perSecond(), "/s");
            long errors = filled.errors();
            for (String scenario : FUNCTIONS) {
                errors += rounds(java, List.of(scenario), 1);
            }
            for (int inFlight : List.of(1, 16)) {
                errors += rounds(java, List.of(OTHER, OTHER_BESIDE), inFlight);
            }
            results.fact("wide_errors", "calls that failed there", (double) errors, "calls");
            results.fact("wide_rss", "most resident memory with a million keys in one scope",
                    engine.facts().peakMegabytes(), "MB");
        }
    }

    /** Measures them in turn, after a warm-up; the calls that failed. */
    private long rounds(Child java, List<String> scenarios, int inFlight) throws IOException {
        Load load = new Load(inFlight, options.duration());
        List<List<Measurement>> measured = new ArrayList<>();
        for (String scenario : scenarios) {
            java.run(scenario, load, Measurement.class);
            measured.add(new ArrayList<>());
        }
        for (int round = 0; round < options.rounds(); round++) {
            for (int i = 0; i < scenarios.size(); i++) {
                measured.get(i).add(java.run(scenarios.get(i), load, Measurement.class));
            }
        }
        long errors = 0;
        for (int i = 0; i < scenarios.size(); i++) {
            Row row = Row.of(scenarios.get(i), inFlight, measured.get(i));
            Results.say(row.line());
            results.rows.add(row);
            errors += row.errors();
        }
        return errors;
    }
}
