package io.iiikafka.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.engine.StreamFanoutMain;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Processes;
import io.iiikafka.bench.report.Row;

/** How soon a change of a stream is at the last of a thousand sockets. */
final class StreamRounds {

    static final String FANOUT = "stream-to-sockets";

    private static final int SOCKETS = 1_000;

    private StreamRounds() {}

    static void measure(Options options, EngineProcess engine, Results results) throws IOException {
        try (Child child = Child.start(
                "java-streams",
                options.logs(),
                Processes.java(
                        StreamFanoutMain.class,
                        Children.JVM,
                        engine.workers(),
                        engine.streams(),
                        Integer.toString(SOCKETS)),
                Map.of())) {
            Load load = new Load(1, options.duration());
            // A few changes a second would leave the compiler nothing to go by.
            child.run("warm-up", new Load(64, options.duration().multipliedBy(Rounds.WARM_UP_TIMES)), Measurement.class);
            child.run("fanout", new Load(1, options.duration().multipliedBy(Rounds.WARM_UP_TIMES)), Measurement.class);
            List<Measurement> rounds = new ArrayList<>();
            for (int round = 0; round < options.rounds(); round++) {
                rounds.add(child.run("fanout", load, Measurement.class));
            }
            Row row = Row.of(FANOUT, 1, rounds);
            String title = "from asking for a change of a stream to the last of 1,000 sockets having it, ";
            results.fact("stream_last_p50", title + "median", row.p50().median() / 1e3, "ms");
            results.fact("stream_last_p99", title + "p99", row.p99().median() / 1e3, "ms");
            results.fact("stream_missed", "changes that did not come to all within 20 s", (double) row.errors(), "changes");
        }
    }
}
