package io.iiikafka.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Directories;
import io.iiikafka.bench.report.Machine;

/** Runs everything and writes {@code bench/results/latest.json} and {@code latest.md}. */
public final class Bench {

    private static final Duration REGISTERING = Duration.ofSeconds(5);

    private final Options options;
    private final Results results = new Results();
    private boolean incomplete;

    /** Something that is measured with processes and data of its own. */
    @FunctionalInterface
    private interface Measuring {
        void measure() throws Exception;
    }

    private Bench(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.parse(Arrays.asList(arguments));
        } catch (RuntimeException e) {
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        Bench bench = new Bench(options);
        Machine machine = Machine.look(options.home());
        if (options.only() != null) {
            bench.measurePart(options.only());
            new Judge(bench.results).judge();
            bench.results.verdicts.forEach(verdict -> Results.say(verdict.toString()));
            return;
        }
        bench.measure();
        new Judge(bench.results).judge();
        Report.write(options, machine, bench.results);
        if (bench.incomplete) {
            System.exit(1);
        }
    }

    /** One that fails costs what it would have measured, not what the others have. */
    private void measure() throws Exception {
        part("start", () -> Footprint.starts(options, results));
        part("round trips, state, streams, HTTP", this::measureCalls);
        part("many values", () -> new ManyRounds(options, results).measure());
        part("a wide scope", () -> new WideRounds(options, results).measure());
        part("jobs and events", () -> new JobRounds(options, results).measure());
        part("apart from the broker", () -> Footprint.apart(options, results));
    }

    private void part(String name, Measuring part) throws Exception {
        try {
            part.measure();
        } catch (IOException e) {
            results.skip(name + ", from here on: " + e.getMessage());
            incomplete = true;
        } finally {
            Directories.delete(options.target().resolve("data"));
        }
    }

    private void measureCalls() throws Exception {
        try (Started started = new Started()) {
            Child floor = RoundTrips.addFloor(options, started, results);
            EngineProcess engine = started.push(startEngine());
            Child java = RoundTrips.addJava(options, engine, started, results);
            RoundTrips.addNode(options, engine, started, results);
            if (options.peers()) {
                new Peers(options, started, results).start();
            }
            results.rows.addAll(new Rounds(options).run(results.subjects));
            StateRounds.measure(options, floor, java, engine.pid(), results);
            Footprint.afterLoad(engine, results);
            StreamRounds.measure(options, engine, results);
            registerToCallable(java);
            http(engine);
            new Crowd(options, engine, java, results).measure();
        }
    }

    private void measurePart(Options.Part part) throws Exception {
        switch (part) {
            case STATE -> measureState();
            case MANY -> new ManyRounds(options, results).measure();
            case WIDE -> new WideRounds(options, results).measure();
            case JOBS -> new JobRounds(options, results).measure();
            case STREAMS -> {
                try (EngineProcess engine = startEngine()) {
                    StreamRounds.measure(options, engine, results);
                }
            }
        }
    }

    private void measureState() throws Exception {
        try (Started started = new Started()) {
            Child floor = RoundTrips.addFloor(options, started, results);
            EngineProcess engine = started.push(startEngine());
            Child java = RoundTrips.addJava(options, engine, started, results);
            StateRounds.measure(options, floor, java, engine.pid(), results);
            Footprint.peak(engine, results);
        }
    }

    private EngineProcess startEngine() throws IOException {
        EngineProcess engine = EngineProcess.start(
                options.home(),
                options.target().resolve("data/engine"),
                options.logs().resolve("engine.log"),
                "--broker-port", "0");
        results.fact("rss_ready", "resident memory then", engine.facts().residentMegabytes(), "MB");
        return engine;
    }

    private void registerToCallable(Child java) throws IOException {
        Measurement measured = java.run("register", new Load(1, REGISTERING), Measurement.class);
        results.fact("register_p50", "register to callable from another connection, median of " + measured.calls(),
                measured.p50() / 1e3, "ms");
        results.fact("register_p99", "the same, p99", measured.p99() / 1e3, "ms");
        results.fact("register_refusals", "calls answered \"not found\" meanwhile", (double) measured.errors(), "calls");
    }

    private void http(EngineProcess engine) {
        try {
            results.rows.addAll(HttpRequests.measure(options, "http-java", engine.rest() + "/bench/java"));
            results.rows.addAll(HttpRequests.measure(options, "http-node", engine.rest() + "/bench/node"));
        } catch (IOException e) {
            results.skip("HTTP requests: " + e.getMessage());
        }
    }
}
