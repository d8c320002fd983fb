package io.iiikafka.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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

    /** A warm-up ends when in so many slices in a row nobody was better than at best before by this factor. */
    private static final int SETTLED = 4;

    private static final double BETTER = 1.05;
    private static final int MOST_SLICES = 20;

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
        warmUp(subjects);
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
     * Loads all in turn until that brings no more calls to any: on few processors the compiler takes one of them for half a
     * minute and more before all of a large program is compiled.
     */
    private void warmUp(List<Subject> subjects) throws IOException {
        int inFlight = Collections.max(inFlights);
        Map<Subject, Double> best = new HashMap<>();
        int noBetter = 0;
        int slices = 0;
        while (noBetter < SETTLED && slices < MOST_SLICES) {
            noBetter++;
            slices++;
            for (Subject subject : subjects) {
                double perSecond = subject.measure(new Load(inFlight, options.duration())).perSecond();
                double before = best.getOrDefault(subject, 0.0);
                if (perSecond > before * BETTER) {
                    noBetter = 0;
                }
                best.put(subject, Math.max(before, perSecond));
            }
        }
        Results.say("warm-up until none got quicker, %d slices; at best, %d in flight:".formatted(slices, inFlight));
        subjects.forEach(each -> Results.say("  %-13s %,10.0f/s".formatted(each.id(), best.get(each))));
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
