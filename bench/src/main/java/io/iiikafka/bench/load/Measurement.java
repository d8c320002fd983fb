package io.iiikafka.bench.load;

import org.HdrHistogram.Histogram;

/**
 * What one load has shown. Latencies are microseconds from asking to the answer.
 *
 * @param calls answered in time, without error
 * @param errors answered by an error, or not at all
 * @param perSecond calls answered per second of the load
 */
public record Measurement(long calls, long errors, double perSecond, double p50, double p99, double max) {

    public static Measurement of(Histogram nanos, long errors, double seconds) {
        return new Measurement(
                nanos.getTotalCount(),
                errors,
                nanos.getTotalCount() / seconds,
                nanos.getValueAtPercentile(50) / 1e3,
                nanos.getValueAtPercentile(99) / 1e3,
                nanos.getMaxValue() / 1e3);
    }
}
