package io.iiikafka.topology.cron;

import java.time.DayOfWeek;
import java.time.YearMonth;

/** A day that is another date in each month. Days of the week are 1 for Sunday to 7 for Saturday. */
sealed interface DayRule {

    /** The date in that month; 0 when it has none. */
    int dayOf(YearMonth month);

    record LastDay() implements DayRule {

        @Override
        public int dayOf(YearMonth month) {
            return month.lengthOfMonth();
        }
    }

    record LastWorkday() implements DayRule {

        @Override
        public int dayOf(YearMonth month) {
            int last = month.lengthOfMonth();
            return last - Math.max(0, month.atDay(last).getDayOfWeek().getValue() - DayOfWeek.FRIDAY.getValue());
        }
    }

    /** Monday to Friday; never of another month. */
    record NearestWorkday(int day) implements DayRule {

        @Override
        public int dayOf(YearMonth month) {
            if (day > month.lengthOfMonth()) {
                return 0;
            }
            return switch (month.atDay(day).getDayOfWeek()) {
                case SATURDAY -> day == 1 ? 3 : day - 1;
                case SUNDAY -> day == month.lengthOfMonth() ? day - 2 : day + 1;
                case MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY -> day;
            };
        }
    }

    record NthWeekday(int weekday, int nth) implements DayRule {

        @Override
        public int dayOf(YearMonth month) {
            int day = 1 + Math.floorMod(weekday - DayRule.weekdayOf(month, 1), 7) + 7 * (nth - 1);
            return day > month.lengthOfMonth() ? 0 : day;
        }
    }

    record LastWeekday(int weekday) implements DayRule {

        @Override
        public int dayOf(YearMonth month) {
            int last = month.lengthOfMonth();
            return last - Math.floorMod(DayRule.weekdayOf(month, last) - weekday, 7);
        }
    }

    static int weekdayOf(YearMonth month, int day) {
        return month.atDay(day).getDayOfWeek().getValue() % 7 + 1;
    }
}
