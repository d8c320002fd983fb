package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.ProcessFacts;
import io.iiikafka.bench.profile.Recording;

/**
 * Shows where the engine, or the floor, spends its processor time under one load. Arguments: the checkout, java, node,
 * floor or a scenario of the Java ends such as state-set or publish, in flight, seconds.
 */
public final class Profile {

    private static final Load WARM_UP = new Load(256, Duration.ofSeconds(30));

    private Profile() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.parse(List.of(arguments[0]));
        String ends = arguments[1];
        Load load = new Load(Integer.parseInt(arguments[2]), Duration.ofSeconds(Long.parseLong(arguments[3])));
        Results results = new Results();
        try (Started started = new Started()) {
            Subject subject = start(ends, options, started, results);
            subject.measure(WARM_UP);
            showThreads(subject, load);
            Path file = options.target().resolve("profile-%s-%d.jfr".formatted(ends, load.inFlight()));
            Recording.during(subject.server(), file, () -> subject.measure(load));
            Results.say(Recording.hotSpots(file));
        }
    }

    private static Subject start(String ends, Options options, Started started, Results results) throws IOException {
        if (ends.equals("floor")) {
            RoundTrips.addFloor(options, started, results);
            return results.subjects.getFirst();
        }
        EngineProcess engine = started.push(EngineProcess.start(
                options.home(),
                options.target().resolve("data/profile"),
                options.logs().resolve("profile.log"),
                Map.of("III_JAVA_OPTS", Recording.JVM_OPTIONS),
                "--broker-port", "0"));
        if (JobRounds.JAVA_SCENARIOS.contains(ends)) {
            return new Subject(ends, ends, "", JobRounds.javaEnds(options, engine, started), ends, engine.pid());
        }
        if (ends.equals("node")) {
            RoundTrips.addNode(options, engine, started, results);
        } else {
            RoundTrips.addJava(options, engine, started, results);
            if (!ends.equals(Subject.JAVA)) {
                Subject java = results.subjects.getFirst();
                return new Subject(ends, java.title(), java.durability(), java.child(), ends, java.server());
            }
        }
        return results.subjects.getFirst();
    }

    /** Measured before the recording, which costs time itself. */
    private static void showThreads(Subject subject, Load load) throws IOException {
        ProcessFacts facts = new ProcessFacts(subject.server());
        ProcessFacts caller = new ProcessFacts(subject.child().pid());
        Map<String, Double> before = facts.cpuSecondsByThread();
        double callerBefore = caller.cpuSeconds();
        Measurement measured = subject.measure(load);
        double callerUsed = (caller.cpuSeconds() - callerBefore) * 1e6 / measured.calls();
        Results.say("%s, %s: %,.0f/s, p50 %,.0f µs, p99 %,.0f µs".formatted(
                subject.id(), load.title(), measured.perSecond(), measured.p50(), measured.p99()));
        Results.say("%.1f µs of processor time per call by the process that calls".formatted(callerUsed));
        Results.say("%.1f µs of processor time per call by the server, by thread:".formatted(measured.cpu()));
        facts.cpuSecondsByThread().forEach((name, seconds) -> {
            double used = (seconds - before.getOrDefault(name, 0.0)) * 1e6 / measured.calls();
            if (used >= 0.1) {
                Results.say("  %-16s %6.1f µs".formatted(name, used));
            }
        });
    }
}
