package io.iiikafka.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.report.Row;

/** State beside the plain floor, in rounds of its own: what a value costs that a Streams store holds. */
final class StateRounds {

    static final String FLOOR = "floor-beside-state";
    static final String SOCKET = "socket-beside-state";
    static final Set<String> FLOORS = Set.of(FLOOR, SOCKET);
    static final String SET = "state-set";
    static final String GET = "state-get";
    static final String UPDATE = "state-update";
    static final String MIXED = "state-mixed";
    private static final String TRIGGER = "state-trigger";

    private static final String DURABILITY = "the command in Kafka's log, acks=all; the change is committed within 100 ms";

    private StateRounds() {}

    /**
     * @param floor the process of the floor
     * @param java the process of the Java ends
     * @param engine the engine's process id
     */
    static void measure(Options options, Child floor, Child java, long engine, Results results) throws IOException {
        Subject base = new Subject(
                FLOOR, "`floor-plain` again, in the rounds of state", "as `floor-plain`", floor, "plain", floor.pid());
        Child caller = results.subject(Subject.FLOOR_SOCKET).child();
        Subject socket = new Subject(
                SOCKET, "`floor-socket` again", "as `floor-plain`", caller, "call", floor.pid());
        List<Subject> subjects = Stream.concat(
                        Stream.of(base, socket),
                        Stream.of(SET, GET, UPDATE, MIXED)
                                .map(id -> new Subject(id, title(id), DURABILITY, java, id, engine)))
                .toList();
        results.subjects.addAll(subjects);
        results.rows.addAll(new Rounds(options, List.of(1, 256)).run(subjects));
        Row noticed = noticed(options, java);
        results.fact("state_trigger_p50", "from asking for a change to its handler's start, median",
                noticed.p50().median() / 1e3, "ms");
        results.fact("state_trigger_p99", "the same, p99", noticed.p99().median() / 1e3, "ms");
    }

    private static Row noticed(Options options, Child java) throws IOException {
        Load load = new Load(1, options.duration());
        for (int round = 0; round < Rounds.WARM_UP_TIMES; round++) {
            java.run(TRIGGER, load, Measurement.class);
        }
        List<Measurement> rounds = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            rounds.add(java.run(TRIGGER, load, Measurement.class));
        }
        return Row.of(TRIGGER, 1, rounds);
    }

    private static String title(String id) {
        return id.equals(MIXED)
                ? "a third each of `state::set`, `get` and `update`, 64,000 keys, Java SDK"
                : "`" + id.replace("-", "::") + "`, 64,000 keys, Java SDK";
    }
}
