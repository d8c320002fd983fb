package io.iiikafka.topology.cron;

import static java.util.Objects.requireNonNull;

import java.time.LocalDateTime;
import java.time.YearMonth;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * When something is due, in local time (spec: cron.md 3): six or seven fields from seconds to years, all of which must
 * match; five fields as in Unix cron, where it is enough that one of two restricted day fields matches; or a word such as
 * {@code @daily}. Immutable.
 */
public final class CronExpression {

    private static final int LONGEST = 1_000;
    private static final Map<String, String> WORDS = Map.of(
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *",
            "@monthly", "0 0 0 1 * *",
            "@weekly", "0 0 0 * * 1",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@hourly", "0 0 * * * *");

    private final Map<CronField, FieldSet> fields;
    private final boolean eitherDay;
    private final boolean numericDays;

    private CronExpression(Map<CronField, FieldSet> fields, boolean eitherDay, boolean numericDays) {
        this.fields = fields;
        this.eitherDay = eitherDay;
        this.numericDays = numericDays;
    }

    /**
     * @param numbers what numbers mean as days of the week; null: {@link DayNumbers#UNIX} where five fields stand, else
     *     {@link DayNumbers#QUARTZ}
     */
    public static CronExpression parse(String text, @Nullable DayNumbers numbers) throws InvalidCronException {
        if (text.length() > LONGEST) {
            throw new InvalidCronException("longer than " + LONGEST + " characters");
        }
        String trimmed = text.strip();
        String word = WORDS.get(trimmed.toLowerCase(Locale.ROOT));
        if (word == null && trimmed.startsWith("@")) {
            throw new InvalidCronException("'" + trimmed + "' is none of @yearly, @annually, @monthly, @weekly, @daily,"
                    + " @midnight, @hourly and @every <duration>");
        }
        String[] parts = (word == null ? trimmed : word).split("[ \\t\\r\\n]+");
        if (parts.length < 5 || parts.length > 7) {
            throw new InvalidCronException("it has " + parts.length
                    + " fields; write second minute hour day-of-month month day-of-week and, if you like, year");
        }
        boolean unix = parts.length == 5;
        DayNumbers meant = word != null || numbers == null ? unix ? DayNumbers.UNIX : DayNumbers.QUARTZ : numbers;
        Map<CronField, FieldSet> fields = new EnumMap<>(CronField.class);
        for (CronField field : CronField.values()) {
            int at = field.ordinal() - (unix ? 1 : 0);
            String part = at < 0 ? "0" : at < parts.length ? parts[at] : "*";
            fields.put(field, FieldReader.read(field, part, meant));
        }
        FieldSet date = requireNonNull(fields.get(CronField.DAY_OF_MONTH));
        FieldSet weekday = requireNonNull(fields.get(CronField.DAY_OF_WEEK));
        boolean either = unix && !date.isOpen() && !weekday.isOpen();
        return new CronExpression(fields, either, word == null && meant == DayNumbers.QUARTZ && weekday.numeric());
    }

    private FieldSet field(CronField field) {
        return requireNonNull(fields.get(field));
    }

    /** Whether days of the week were written as numbers of which 1 is Sunday, which many do not expect. */
    public boolean hasNumericDays() {
        return numericDays;
    }

    /** The days of the week, for example {@code Sun, Mon, Tue}. */
    public String daysOfWeek() {
        return field(CronField.DAY_OF_WEEK).described();
    }

    /** Whether it is due in intervals rather than at hours of the day: {@code *} or a step stands for the hour. */
    boolean followsElapsedTime() {
        return field(CronField.HOUR).repeats();
    }

    /** What each field allows, by its name, for people. */
    public Map<String, String> described() {
        Map<String, String> described = new LinkedHashMap<>();
        for (CronField field : CronField.values()) {
            described.put(field.title().replace(' ', '_'), field(field).described());
        }
        return described;
    }

    /** The first match that is a whole second later than the second of {@code after}; null when there is none any more. */
    public @Nullable LocalDateTime next(LocalDateTime after) {
        LocalDateTime from = after.withNano(0).plusSeconds(1);
        YearMonth month = YearMonth.from(from);
        int day = from.getDayOfMonth();
        int second = from.toLocalTime().toSecondOfDay();
        FieldSet years = field(CronField.YEAR);
        FieldSet months = field(CronField.MONTH);
        while (true) {
            int year = years.from(Math.max(0, month.getYear()));
            if (year < 0) {
                return null;
            }
            int number = months.from(year > month.getYear() ? 1 : month.getMonthValue());
            YearMonth possible = number < 0 ? YearMonth.of(year + 1, 1) : YearMonth.of(year, number);
            if (!possible.equals(month)) {
                month = possible;
                day = 1;
                second = 0;
                continue;
            }
            for (; day <= month.lengthOfMonth(); day++, second = 0) {
                int found = matches(month, day) ? timeFrom(second) : -1;
                if (found >= 0) {
                    return month.atDay(day).atStartOfDay().plusSeconds(found);
                }
            }
            month = month.plusMonths(1);
            day = 1;
            second = 0;
        }
    }

    private boolean matches(YearMonth month, int day) {
        boolean date = field(CronField.DAY_OF_MONTH).matches(month, day);
        boolean weekday = field(CronField.DAY_OF_WEEK).matches(month, day);
        return eitherDay ? date || weekday : date && weekday;
    }

    /** The first second of a day, from that one on, that matches; -1 when there is none. */
    private int timeFrom(int secondOfDay) {
        FieldSet seconds = field(CronField.SECOND);
        FieldSet minutes = field(CronField.MINUTE);
        FieldSet hours = field(CronField.HOUR);
        int wantedHour = secondOfDay / 3600;
        int wantedMinute = secondOfDay / 60 % 60;
        int wantedSecond = secondOfDay % 60;
        int hour = hours.from(wantedHour);
        if (hour == wantedHour) {
            int minute = minutes.from(wantedMinute);
            if (minute == wantedMinute) {
                int second = seconds.from(wantedSecond);
                if (second >= 0) {
                    return (hour * 60 + minute) * 60 + second;
                }
                minute = minutes.from(wantedMinute + 1);
            }
            if (minute >= 0) {
                return (hour * 60 + minute) * 60 + seconds.from(0);
            }
            hour = hours.from(wantedHour + 1);
        }
        return hour < 0 ? -1 : (hour * 60 + minutes.from(0)) * 60 + seconds.from(0);
    }
}
