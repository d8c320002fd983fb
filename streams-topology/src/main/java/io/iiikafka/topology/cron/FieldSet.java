package io.iiikafka.topology.cron;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a field allows.
 *
 * @param text as it was written
 * @param values that are allowed in every month; days of the week are 1 for Sunday to 7 for Saturday
 * @param rule one more day; null: none
 * @param numeric whether a day of the week was written as a number
 */
record FieldSet(CronField field, String text, BitSet values, @Nullable DayRule rule, boolean numeric) {

    private static final List<String> DAYS = List.of("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat");

    /** The first allowed value from that one on; -1 when there is none. */
    int from(int value) {
        return values.nextSetBit(value);
    }

    /** Of a field of days: whether it may be that day of the month. */
    boolean matches(YearMonth month, int day) {
        return values.get(field == CronField.DAY_OF_WEEK ? DayRule.weekdayOf(month, day) : day)
                || rule != null && rule.dayOf(month) == day;
    }

    /** Whether it was left open, as Unix cron has it: it begins with {@code *} or is {@code ?}. */
    boolean isOpen() {
        return text.startsWith("*") || text.equals("?");
    }

    /** Whether {@code *} or a step stands in it. */
    boolean repeats() {
        return text.indexOf('*') >= 0 || text.indexOf('/') >= 0;
    }

    /** For people: {@code every}, or the values in order. */
    String described() {
        if (rule == null && values.cardinality() == field.most() - field.least() + 1) {
            return "every";
        }
        List<String> all = new ArrayList<>();
        values.stream().limit(100).forEach(value ->
                all.add(field == CronField.DAY_OF_WEEK ? DAYS.get(value - 1) : Integer.toString(value)));
        if (rule != null) {
            all.add(text);
        }
        return String.join(", ", all);
    }
}
