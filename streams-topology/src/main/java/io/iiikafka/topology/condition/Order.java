package io.iiikafka.topology.condition;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import com.google.protobuf.Timestamp;

/** How two values of a condition stand to each other. */
enum Order {
    BEFORE,
    SAME,
    AFTER,
    /** They are of kinds that cannot be compared, or one is no number ({@code 0.0 / 0.0}). */
    NONE;

    boolean isBeforeOrSame() {
        return this == BEFORE || this == SAME;
    }

    static Order of(Object a, Object b) {
        if (a instanceof Long one && b instanceof Long other) {
            return of(Long.compare(one, other));
        }
        if (a instanceof Number one && b instanceof Number other) {
            return numbers(one, other);
        }
        if (a instanceof String one && b instanceof String other) {
            return of(Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray()));
        }
        if (a instanceof Boolean one && b instanceof Boolean other) {
            return of(one.compareTo(other));
        }
        return times(a, b);
    }

    /** Both may be as the JDK has them or as messages have them, which depends on the settings of CEL. */
    private static Order times(Object a, Object b) {
        if (instant(a) instanceof Instant one && instant(b) instanceof Instant other) {
            return of(one.compareTo(other));
        }
        if (duration(a) instanceof Duration one && duration(b) instanceof Duration other) {
            return of(one.compareTo(other));
        }
        return NONE;
    }

    private static Object instant(Object of) {
        return of instanceof Timestamp time ? Instant.ofEpochSecond(time.getSeconds(), time.getNanos()) : of;
    }

    private static Object duration(Object of) {
        return of instanceof com.google.protobuf.Duration time
                ? Duration.ofSeconds(time.getSeconds(), time.getNanos())
                : of;
    }

    /** By their values, whatever their kind. */
    private static Order numbers(Number a, Number b) {
        double one = a.doubleValue();
        double other = b.doubleValue();
        if (Double.isNaN(one) || Double.isNaN(other)) {
            return NONE;
        }
        return Double.isInfinite(one) || Double.isInfinite(other)
                ? of(Double.compare(one, other))
                : of(exact(a).compareTo(exact(b)));
    }

    private static BigDecimal exact(Number number) {
        return number instanceof Double value ? new BigDecimal(value) : new BigDecimal(number.toString());
    }

    private static Order of(int comparison) {
        return comparison < 0 ? BEFORE : comparison == 0 ? SAME : AFTER;
    }
}
