package io.iiikafka.bench.report;

import java.util.List;

import io.iiikafka.bench.load.Measurement;

/**
 * One system under one load, over all rounds. Latencies in microseconds.
 *
 * @param subject id of the system
 * @param inFlight calls under way at once
 * @param cpu the server process' processor time per call, microseconds; 0 where that is not measured
 * @param errors of all rounds together
 */
public record Row(
        String subject,
        int inFlight,
        Spread perSecond,
        Spread p50,
        Spread p99,
        Spread cpu,
        long errors,
        List<Measurement> rounds) {

    public static Row of(String subject, int inFlight, List<Measurement> rounds) {
        return new Row(
                subject,
                inFlight,
                Spread.of(rounds.stream().map(Measurement::perSecond).toList()),
                Spread.of(rounds.stream().map(Measurement::p50).toList()),
                Spread.of(rounds.stream().map(Measurement::p99).toList()),
                Spread.of(rounds.stream().map(Measurement::cpu).toList()),
                rounds.stream().mapToLong(Measurement::errors).sum(),
                List.copyOf(rounds));
    }

    /** For who watches the run. */
    public String line() {
        return "  %-22s %4d in flight %,10.0f/s   p50 %,9.0f µs   p99 %,9.0f µs".formatted(
                subject, inFlight, perSecond.median(), p50.median(), p99.median());
    }
}
