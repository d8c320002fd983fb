package io.iiikafka.bench.report;

import java.util.Locale;

/**
 * One target beside what was measured.
 *
 * @param target in words
 * @param measured in the unit of the bound
 * @param bound the worst that still passes
 * @param atMost whether lower is better
 */
public record Verdict(String target, double measured, double bound, boolean atMost, String unit) {

    public static Verdict atMost(String target, double measured, double bound, String unit) {
        return new Verdict(target, measured, bound, true, unit);
    }

    public static Verdict atLeast(String target, double measured, double bound, String unit) {
        return new Verdict(target, measured, bound, false, unit);
    }

    public boolean passed() {
        return atMost ? measured <= bound : measured >= bound;
    }

    public String bounds() {
        return (atMost ? "≤ " : "≥ ") + number(bound);
    }

    public String shown() {
        return number(measured);
    }

    private String number(double value) {
        String digits = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return (String.format(Locale.ROOT, digits, value) + " " + unit).strip();
    }
}
