package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Path;
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

/** An engine of its own with a million values: what long lists do to others, and how soon it is back after an end or a crash. */
final class ManyRounds {

    static final String ALONE = "state-get-many";
    static final String BESIDE = "state-get-beside-lists";

    private final Options options;
    private final Results results;
    private final Path data;

    ManyRounds(Options options, Results results) {
        this.options = options;
        this.results = results;
        this.data = options.target().resolve("data/many");
    }

    void measure() throws IOException {
        try (EngineProcess engine = start()) {
            try (Child java = Child.start(
                    "java-many",
                    options.logs(),
                    Processes.java(JavaSdkMain.class, Children.JVM, engine.workers()),
                    Map.of())) {
                Measurement filled = java.run("many-fill", new Load(1, options.duration()), Measurement.class);
                results.fact("many_fill", "values set by transactions of 100", filled.perSecond(), "/s");
                rounds(java);
            }
            results.fact("many_rss", "resident memory with 1,000,000 values", engine.facts().residentMegabytes(), "MB");
        }
        try (EngineProcess engine = start()) {
            results.fact("many_ready", "ready after an orderly end with 1,000,000 values", engine.readySeconds(), "s");
            engine.kill();
        }
        try (EngineProcess engine = start()) {
            results.fact("many_ready_killed", "ready after SIGKILL with 1,000,000 values", engine.readySeconds(), "s");
            results.fact("many_rss_restored", "resident memory then", engine.facts().residentMegabytes(), "MB");
        }
    }

    private EngineProcess start() throws IOException {
        return EngineProcess.start(
                options.home(), data, options.logs().resolve("many.log"), "--broker-port", "0");
    }

    private void rounds(Child java) throws IOException {
        for (int inFlight : List.of(16, 1)) {
            Load warmUp = new Load(inFlight, options.duration().multipliedBy(Rounds.WARM_UP_TIMES));
            java.run("many-get", warmUp, Measurement.class);
            java.run("many-beside", warmUp, Measurement.class);
            List<Measurement> alone = new ArrayList<>();
            List<Measurement> beside = new ArrayList<>();
            for (int round = 0; round < options.rounds(); round++) {
                alone.add(java.run("many-get", new Load(inFlight, options.duration()), Measurement.class));
                beside.add(java.run("many-beside", new Load(inFlight, options.duration()), Measurement.class));
            }
            add(Row.of(ALONE, inFlight, alone));
            add(Row.of(BESIDE, inFlight, beside));
        }
        Measurement list = java.run("many-list", new Load(1, options.duration()), Measurement.class);
        results.fact("many_list", "state::list of 100,000 values of 100 bytes, median", list.p50() / 1e3, "ms");
    }

    private void add(Row row) {
        Results.say(row.line());
        results.rows.add(row);
    }
}
