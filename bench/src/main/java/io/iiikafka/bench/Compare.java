package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.report.Row;

/**
 * Two engines beside each other, measured in turn by the Java SDK: is this checkout better with other settings, or than
 * another checkout? Arguments: the checkout, rounds, seconds, then NAME=VALUE of the environment to try…, {@code
 * --base=DIRECTORY} of the checkout to compare with, and {@code --scenario=NAME} of what to measure, such as {@code
 * state-set}; else a call.
 */
public final class Compare {

    private static final String BASE = "--base=";
    private static final String SCENARIO = "--scenario=";

    private Compare() {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = List.of(arguments);
        Options options = Options.parse(List.of(given.get(0), "--rounds", given.get(1), "--seconds", given.get(2)));
        Map<String, String> tried = new TreeMap<>();
        Path base = options.home();
        String scenario = "call";
        for (String setting : given.subList(3, given.size())) {
            if (setting.startsWith(BASE)) {
                base = Path.of(setting.substring(BASE.length()));
                continue;
            }
            if (setting.startsWith(SCENARIO)) {
                scenario = setting.substring(SCENARIO.length());
                continue;
            }
            String[] nameAndValue = setting.split("=", 2);
            tried.put(nameAndValue[0], nameAndValue[1]);
        }
        Results results = new Results();
        try (Started started = new Started()) {
            Subject asShipped = start("as-shipped", base, Map.of(), scenario, options, started);
            Subject changed = start("tried", options.home(), tried, scenario, options, started);
            results.rows.addAll(new Rounds(options).run(List.of(asShipped, changed)));
        }
        Results.say("\n" + tried);
        for (int inFlight : Rounds.IN_FLIGHT) {
            Row before = results.row("as-shipped", inFlight).orElseThrow();
            Row after = results.row("tried", inFlight).orElseThrow();
            Results.say("  %4d in flight: throughput × %.2f, p50 × %.2f, p99 × %.2f, processor time × %.2f".formatted(
                    inFlight,
                    after.perSecond().median() / before.perSecond().median(),
                    after.p50().median() / before.p50().median(),
                    after.p99().median() / before.p99().median(),
                    after.cpu().median() / before.cpu().median()));
        }
    }

    private static Subject start(
            String id, Path home, Map<String, String> environment, String scenario, Options options, Started started)
            throws IOException {
        EngineProcess engine = started.push(EngineProcess.start(
                home,
                options.target().resolve("data/" + id),
                options.logs().resolve(id + ".log"),
                environment,
                "--broker-port", "0"));
        Results ends = new Results();
        RoundTrips.addJava(options, engine, started, ends);
        Subject java = ends.subjects.getFirst();
        return new Subject(id, java.title(), java.durability(), java.child(), scenario, java.server());
    }
}
