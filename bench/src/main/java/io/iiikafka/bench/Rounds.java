package io.iiikafka.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.report.Row;

/**
 * Measures all subjects under all loads, again and again. Each round visits every subject under one load before the next
 * load, and every second round goes backwards, so that what else the machine does hits all alike.
 */
final class Rounds {

    static final List<Integer> IN_FLIGHT = List.of(1, 64, 256);

    private record Key(String subject, int inFlight) {}

    /** The compiler needs calls and time, and more of both the more code there is. */
    static final int WARM_UP_TIMES = 3;

    /** A warm-up ends when so many slices in a row were not better than the best one before by this factor. */
    private static final int SETTLED = 3;

    private static final double BETTER = 1.05;
    private static final int MOST_SLICES = 25;

    private final Options options;
    private final List<Integer> inFlights;
    private final Map<Key, List<Measurement>> measured = new LinkedHashMap<>();

    Rounds(Options options) {
        this(options, IN_FLIGHT);
    }

    Rounds(Options options, List<Integer> inFlights) {
        this.options = options;
        this.inFlights = inFlights;
    }

    /** Warms up, unrecorded, then measures. */
    List<Row> run(List<Subject> subjects) throws IOException {
        Results.say("warm-up until it gets no quicker");
        for (Subject subject : subjects) {
            warmUp(subject);
        }
        Duration warmUp = options.duration().multipliedBy(WARM_UP_TIMES);
        for (int round = 0; round <= options.rounds(); round++) {
            List<Subject> order = new ArrayList<>(subjects);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            Results.say(round == 0 ? "warm-up" : "round " + round + " of " + options.rounds());
            for (int inFlight : inFlights) {
                for (Subject subject : order) {
                    Measurement measurement = subject.measure(new Load(inFlight, round == 0 ? warmUp : options.duration()));
                    if (round > 0) {
                        measured.computeIfAbsent(new Key(subject.id(), inFlight), key -> new ArrayList<>())
                                .add(measurement);
                    }
                    show(subject, inFlight, measurement);
                }
            }
        }
        return subjects.stream()
                .flatMap(subject -> inFlights.stream().map(inFlight -> new Key(subject.id(), inFlight)))
                .map(key -> Row.of(key.subject(), key.inFlight(), measured.getOrDefault(key, List.of())))
                .toList();
    }

    /**
     * Loads the subject until that brings no more calls: on few processors the compiler takes one of them for half a minute
     * before all of a large program is compiled.
     */
    private void warmUp(Subject subject) throws IOException {
        int inFlight = Collections.max(inFlights);
        double best = 0;
        int noBetter = 0;
        int slices = 0;
        while (noBetter < SETTLED && slices < MOST_SLICES) {
            double perSecond = subject.measure(new Load(inFlight, options.duration())).perSecond();
            noBetter = perSecond < best * BETTER ? noBetter + 1 : 0;
            best = Math.max(best, perSecond);
            slices++;
        }
        Results.say("  %-13s %4d in flight %,10.0f/s at best in %d slices".formatted(subject.id(), inFlight, best, slices));
    }

    private static void show(Subject subject, int inFlight, Measurement measurement) {
        Results.say("  %-13s %4d in flight %,10.0f/s   p50 %,9.0f µs   p99 %,9.0f µs   cpu %,6.0f µs   errors %d".formatted(
                subject.id(),
                inFlight,
                measurement.perSecond(),
                measurement.p50(),
                measurement.p99(),
                measurement.cpu(),
                measurement.errors()));
    }
}
