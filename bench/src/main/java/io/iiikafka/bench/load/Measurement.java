package io.iiikafka.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one load has shown. Latencies are microseconds from asking to the answer.
 *
 * @param calls answered in time, without error
 * @param errors answered by an error, or not at all
 * @param perSecond calls answered per second of the load
 * @param cpu the server process' processor time per call, in microseconds; 0 where that is not measured
 */
public record Measurement(
        long calls, long errors, double perSecond, double p50, double p99, double max, double cpu) {

    public static Measurement of(Histogram nanos, long errors, double seconds) {
        return new Measurement(
                nanos.getTotalCount(),
                errors,
                nanos.getTotalCount() / seconds,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getMaxValue() / 1e3,
                0);
    }

    /** The same, when that much processor time was used for it. */
    public Measurement withCpu(double seconds) {
        return new Measurement(calls, errors, perSecond, p50, p99, max, calls == 0 ? 0 : seconds * 1e6 / calls);
    }
}
