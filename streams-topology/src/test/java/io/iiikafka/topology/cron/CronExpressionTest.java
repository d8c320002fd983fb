package io.iiikafka.topology.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {

    private static final String BASE = "2026-01-31T23:59:30.400";

    private static List<String> next(String expression, String from, int count) throws InvalidCronException {
        CronExpression cron = CronExpression.parse(expression, null);
        List<String> ticks = new ArrayList<>();
        LocalDateTime at = LocalDateTime.parse(from);
        while (ticks.size() < count) {
            at = cron.next(at);
            if (at == null) {
                break;
            }
            ticks.add(at.toInstant(ZoneOffset.UTC).toString().replace("Z", ""));
        }
        return ticks;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "* * * * * * | 2026-01-31T23:59:31 2026-01-31T23:59:32 2026-01-31T23:59:33 2026-01-31T23:59:34",
        "0 */5 * * * * | 2026-02-01T00:00:00 2026-02-01T00:05:00 2026-02-01T00:10:00 2026-02-01T00:15:00",
        "*/25 * * * * * | 2026-01-31T23:59:50 2026-02-01T00:00:00 2026-02-01T00:00:25 2026-02-01T00:00:50",
        "0 5/15 * * * * | 2026-02-01T00:05:00 2026-02-01T00:20:00 2026-02-01T00:35:00 2026-02-01T00:50:00",
        "0 30 1-23/4 * * * | 2026-02-01T01:30:00 2026-02-01T05:30:00 2026-02-01T09:30:00 2026-02-01T13:30:00",
        "0 0 2 * * * * | 2026-02-01T02:00:00 2026-02-02T02:00:00 2026-02-03T02:00:00 2026-02-04T02:00:00",
        "0 0 9 * * 2 | 2026-02-02T09:00:00 2026-02-09T09:00:00 2026-02-16T09:00:00 2026-02-23T09:00:00",
        "0 0 9 * * Mon | 2026-02-02T09:00:00 2026-02-09T09:00:00 2026-02-16T09:00:00 2026-02-23T09:00:00",
        "0 0 9 * * 1-5 | 2026-02-01T09:00:00 2026-02-02T09:00:00 2026-02-03T09:00:00 2026-02-04T09:00:00",
        "0 0 9 * * Mon-Fri | 2026-02-02T09:00:00 2026-02-03T09:00:00 2026-02-04T09:00:00 2026-02-05T09:00:00",
        "0 0 0 * * 7 | 2026-02-07T00:00:00 2026-02-14T00:00:00 2026-02-21T00:00:00 2026-02-28T00:00:00",
        "0 0 0 13 * Fri | 2026-02-13T00:00:00 2026-03-13T00:00:00 2026-11-13T00:00:00 2027-08-13T00:00:00",
        "0 0 9 1 * Mon | 2026-06-01T09:00:00 2027-02-01T09:00:00 2027-03-01T09:00:00 2027-11-01T09:00:00",
        "0 0 0 31 * * | 2026-03-31T00:00:00 2026-05-31T00:00:00 2026-07-31T00:00:00 2026-08-31T00:00:00",
        "0 0 0 29 2 ? | 2028-02-29T00:00:00 2032-02-29T00:00:00 2036-02-29T00:00:00 2040-02-29T00:00:00",
        "@weekly | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        "@Midnight | 2026-02-01T00:00:00 2026-02-02T00:00:00 2026-02-03T00:00:00 2026-02-04T00:00:00",
        "@annually | 2027-01-01T00:00:00 2028-01-01T00:00:00 2029-01-01T00:00:00 2030-01-01T00:00:00",
        // five fields
        "*/1 * * * * | 2026-02-01T00:00:00 2026-02-01T00:01:00 2026-02-01T00:02:00 2026-02-01T00:03:00",
        "0 */6 * * * | 2026-02-01T00:00:00 2026-02-01T06:00:00 2026-02-01T12:00:00 2026-02-01T18:00:00",
        "0 8 * * 1-5 | 2026-02-02T08:00:00 2026-02-03T08:00:00 2026-02-04T08:00:00 2026-02-05T08:00:00",
        "0 0 * * 0 | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        "0 0 * * 7 | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        "0 0 * * sun | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        "0 0 13 * 5 | 2026-02-06T00:00:00 2026-02-13T00:00:00 2026-02-20T00:00:00 2026-02-27T00:00:00",
        "0 0 10 * 5 | 2026-02-06T00:00:00 2026-02-10T00:00:00 2026-02-13T00:00:00 2026-02-20T00:00:00",
        // a day of the week that is 0, of six fields and of seven
        "0 0 0 * * 0 | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        "0 0 0 * * 0 * | 2026-02-01T00:00:00 2026-02-08T00:00:00 2026-02-15T00:00:00 2026-02-22T00:00:00",
        // names and steps
        "0 0 0 1 january,JUL * | 2026-07-01T00:00:00 2027-01-01T00:00:00 2027-07-01T00:00:00 2028-01-01T00:00:00",
        "0 0 0 ? * Tues,Thurs | 2026-02-03T00:00:00 2026-02-05T00:00:00 2026-02-10T00:00:00 2026-02-12T00:00:00",
        "0 0 0 * * Mon-Fri/2 | 2026-02-02T00:00:00 2026-02-04T00:00:00 2026-02-06T00:00:00 2026-02-09T00:00:00",
        "0 0 0 * * */3 | 2026-02-01T00:00:00 2026-02-04T00:00:00 2026-02-07T00:00:00 2026-02-08T00:00:00",
        "0 0 0 1 1 * 2026/2 | 2028-01-01T00:00:00 2030-01-01T00:00:00 2032-01-01T00:00:00 2034-01-01T00:00:00",
        // Quartz
        "0 0 0 L * ? | 2026-02-28T00:00:00 2026-03-31T00:00:00 2026-04-30T00:00:00 2026-05-31T00:00:00",
        "0 0 0 LW * ? | 2026-02-27T00:00:00 2026-03-31T00:00:00 2026-04-30T00:00:00 2026-05-29T00:00:00",
        "0 0 0 1W * ? | 2026-02-02T00:00:00 2026-03-02T00:00:00 2026-04-01T00:00:00 2026-05-01T00:00:00",
        "0 0 0 15W * ? | 2026-02-16T00:00:00 2026-03-16T00:00:00 2026-04-15T00:00:00 2026-05-15T00:00:00",
        "0 0 0 ? * 6#3 | 2026-02-20T00:00:00 2026-03-20T00:00:00 2026-04-17T00:00:00 2026-05-15T00:00:00",
        "0 0 0 ? * Fri#3 | 2026-02-20T00:00:00 2026-03-20T00:00:00 2026-04-17T00:00:00 2026-05-15T00:00:00",
        "0 0 0 ? * 6L | 2026-02-27T00:00:00 2026-03-27T00:00:00 2026-04-24T00:00:00 2026-05-29T00:00:00",
        "0 0 0 ? * friL | 2026-02-27T00:00:00 2026-03-27T00:00:00 2026-04-24T00:00:00 2026-05-29T00:00:00",
        "0 0 0 ? * L | 2026-02-07T00:00:00 2026-02-14T00:00:00 2026-02-21T00:00:00 2026-02-28T00:00:00",
        "0 0 0 1,L * ? | 2026-02-01T00:00:00 2026-02-28T00:00:00 2026-03-01T00:00:00 2026-03-31T00:00:00"
    })
    void shouldGiveTheNextTicks(String expression, String ticks) throws Exception {
        assertThat(next(expression, BASE, 4)).containsExactly(ticks.split(" "));
    }

    @Test
    void shouldEndWithTheYear() throws Exception {
        assertThat(next("0 0 12 1 1 * 2027", BASE, 4)).containsExactly("2027-01-01T12:00:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 0 30 2 *", "0 0 0 * * * 2020", "0 0 0 31 2,4,6,9,11 ?", "0 0 0 ? 2 2#5 2027"})
    void shouldSayQuicklyThatNoTickComes(String expression) throws Exception {
        long begun = System.nanoTime();
        assertThat(next(expression, BASE, 1)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void shouldTakeAnyWhiteSpaceBetweenAndAroundFields() throws Exception {
        assertThat(next(" 0\t0 \n 9  * * Mon ", BASE, 1)).containsExactly("2026-02-02T09:00:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "not a cron", "", " ", "60 * * * * *", "0 0 24 * * *", "*/60 * * * * *", "0/0 * * * * *", "? * * * * *",
        "0 0 0 * * Fri-Mon", "0 0 0 * * Mon-5", "0 0 0 * * 8", "0 0 0 1 Sept *", "* * * *", "* * * * * * * *",
        "0 0 22-2 * * *", "*/0 * * * * *", "-1 * * * * *", "1- * * * * *", "1,,2 * * * * *", ", * * * * *",
        "H * * * * *", "@reboot", "@never", "TZ=UTC * * * * * *", "0 0 0 32 * *", "0 0 0 0 * *", "0 0 0 * 13 *",
        "0 0 0 * * * 1969", "0 0 0 * * * 2101", "0 0 0 L,15W * ?", "0 0 0 ? * 2#6", "0 0 0 ? * 2#0", "L * * * * *",
        "0 0 0 ?,1 * *", "1/2/3 * * * * *", "1-2-3 * * * * *", "1.5 * * * * *", "+1 * * * * *", "0 0 0 * * Mo",
        "99999999999 * * * * *", "0 0 0 * * MonL-Fri", "0 0 0 1# * ?", "0 0 0 W * ?", "5-1 * * * *", "*/5/2 * * * * *",
        "** * * * * *", "*-5 * * * * *", "*5 * * * * *", "1* * * * * *", "0 0 0 */8 * */8", "0 0 0 LL * ?", "0 0 0 L/2 * ?",
        "0 0 0 33W * ?", "0 0 0 ? * #2", "0 0 0 ? * 0 1969-1970"
    })
    void shouldRefuse(String expression) {
        assertThatThrownBy(() -> CronExpression.parse(expression, null)).isInstanceOf(InvalidCronException.class);
    }

    @Test
    void shouldNameTheFieldAndTheValue() {
        assertThatThrownBy(() -> CronExpression.parse("0 0 24 * * *", null))
                .hasMessage("hour '24': values are from 0 to 23");
        assertThatThrownBy(() -> CronExpression.parse("0 0 0 1 Sept *", null))
                .hasMessage("month 'Sept': there is no month of the name Sept");
    }

    @Test
    void shouldNumberDaysAsAsked() throws Exception {
        assertThat(CronExpression.parse("0 0 0 * * 1-5", null).daysOfWeek()).isEqualTo("Sun, Mon, Tue, Wed, Thu");
        assertThat(CronExpression.parse("0 0 0 * * 1-5", DayNumbers.UNIX).daysOfWeek())
                .isEqualTo("Mon, Tue, Wed, Thu, Fri");
        assertThat(CronExpression.parse("0 0 * * 1-5", DayNumbers.QUARTZ).daysOfWeek())
                .isEqualTo("Sun, Mon, Tue, Wed, Thu");
        assertThat(CronExpression.parse("0 0 0 * * 1-5", null).hasNumericDays()).isTrue();
        assertThat(CronExpression.parse("0 0 0 * * 1-5", DayNumbers.UNIX).hasNumericDays()).isFalse();
        assertThat(CronExpression.parse("0 0 * * 1-5", null).hasNumericDays()).isFalse();
        assertThat(CronExpression.parse("0 0 0 * * */2", null).hasNumericDays()).isFalse();
        assertThat(CronExpression.parse("@weekly", null).hasNumericDays()).isFalse();
    }

    @Test
    void shouldBeQuickWhereTheNextTickIsFar() throws Exception {
        CronExpression leap = CronExpression.parse("59 59 23 29 2 Sun", null);
        long begun = System.nanoTime();
        LocalDateTime at = LocalDateTime.ofInstant(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        for (int i = 0; i < 100; i++) {
            assertThat(leap.next(at)).isEqualTo("2032-02-29T23:59:59");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
    }
}
