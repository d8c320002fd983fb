package io.iiikafka.topology.update;

import java.math.BigDecimal;
import java.math.BigInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import org.jspecify.annotations.Nullable;

/**
 * What is added: exact for whole numbers, a 64-bit float else (spec: state.md 4.4).
 *
 * @param whole null: a float
 */
record Amount(@Nullable BigInteger whole, double fraction) {

    private static final BigInteger SMALLEST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger LARGEST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final BigInteger LARGEST_SIGNED = BigInteger.valueOf(Long.MAX_VALUE);

    /** Reads {@code by}: a number that is whole and fits 64 bits with sign, or has a fraction. */
    static @Nullable Amount of(JsonNode by) {
        if (by.isIntegralNumber()) {
            return signed(by.bigIntegerValue());
        }
        if (!by.isNumber() || !Double.isFinite(by.doubleValue())) {
            return null;
        }
        BigDecimal value = by.decimalValue();
        if (value.signum() == 0) {
            return signed(BigInteger.ZERO);
        }
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        if (!whole) {
            return new Amount(null, by.doubleValue());
        }
        return value.precision() - value.scale() > 20 ? null : signed(value.toBigInteger());
    }

    private static @Nullable Amount signed(BigInteger value) {
        return value.compareTo(SMALLEST) < 0 || value.compareTo(LARGEST_SIGNED) > 0
                ? null
                : new Amount(value, value.doubleValue());
    }

    Amount negated() {
        return new Amount(whole == null ? null : whole.negate(), -fraction);
    }

    /** As a value of its own. */
    JsonNode alone() {
        return whole == null ? DoubleNode.valueOf(fraction) : integer(whole);
    }

    /** The sum; null when it is no number that can be stored. */
    @Nullable JsonNode plus(JsonNode number) {
        if (whole != null && number.isIntegralNumber() && isStorable(number.bigIntegerValue())) {
            BigInteger sum = number.bigIntegerValue().add(whole);
            return isStorable(sum) ? integer(sum) : null;
        }
        double sum = number.doubleValue() + fraction;
        return Double.isFinite(sum) ? DoubleNode.valueOf(sum) : null;
    }

    private static boolean isStorable(BigInteger value) {
        return value.compareTo(SMALLEST) >= 0 && value.compareTo(LARGEST) <= 0;
    }

    private static JsonNode integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? LongNode.valueOf(value.longValue()) : BigIntegerNode.valueOf(value);
    }
}
