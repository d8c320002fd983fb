package io.iiikafka.topology.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Against a model that tries one second after the other, and does not know the code. */
class CronModelTest {

    private static final int SECONDS = 90_000;

    /** A field: its text, and the values that it means. */
    record Field(String text, Set<Integer> values) {}

    record Cron(Field second, Field minute, Field hour, Field date, Field month, Field weekday) {

        String text() {
            return String.join(
                    " ", second.text, minute.text, hour.text, date.text, month.text, weekday.text);
        }

        boolean matches(LocalDateTime at) {
            return second.values.contains(at.getSecond())
                    && minute.values.contains(at.getMinute())
                    && hour.values.contains(at.getHour())
                    && date.values.contains(at.getDayOfMonth())
                    && month.values.contains(at.getMonthValue())
                    && weekday.values.contains(at.getDayOfWeek().getValue() % 7 + 1);
        }
    }

    @Property(tries = 150)
    void shouldFindTheTicksThatASecondBySecondSearchFinds(
            @ForAll("crons") Cron cron, @ForAll("starts") LocalDateTime start) throws InvalidCronException {
        CronExpression expression = CronExpression.parse(cron.text(), null);
        LocalDateTime end = start.plusSeconds(SECONDS);
        List<LocalDateTime> expected = new ArrayList<>();
        for (LocalDateTime at = start.plusSeconds(1); !at.isAfter(end) && expected.size() < 50; at = at.plusSeconds(1)) {
            if (cron.matches(at)) {
                expected.add(at);
            }
        }
        List<LocalDateTime> found = new ArrayList<>();
        LocalDateTime at = start;
        while (found.size() < 50) {
            at = expression.next(at);
            if (at == null || at.isAfter(end)) {
                break;
            }
            found.add(at);
        }
        assertThat(found).as(cron.text()).isEqualTo(expected);
    }

    @Provide
    Arbitrary<LocalDateTime> starts() {
        return Combinators.combine(
                        Arbitraries.integers().between(2024, 2029),
                        Arbitraries.integers().between(1, 365),
                        Arbitraries.integers().between(0, 86_399))
                .as((year, day, second) -> LocalDateTime.of(year, 1, 1, 0, 0).plusDays(day - 1L).plusSeconds(second));
    }

    @Provide
    Arbitrary<Cron> crons() {
        return Combinators.combine(
                        field(0, 59), field(0, 59), field(0, 23), often(1, 31), often(1, 12), often(1, 7))
                .as(Cron::new);
    }

    private static Arbitrary<Field> often(int least, int most) {
        return Arbitraries.oneOf(Arbitraries.just(range("*", least, most, 1)), field(least, most));
    }

    private static Arbitrary<Field> field(int least, int most) {
        return element(least, most).list().ofMinSize(1).ofMaxSize(3).map(elements -> {
            Set<Integer> all = new TreeSet<>();
            elements.forEach(each -> all.addAll(each.values));
            return new Field(String.join(",", elements.stream().map(Field::text).toList()), all);
        });
    }

    private static Arbitrary<Field> element(int least, int most) {
        Arbitrary<Integer> value = Arbitraries.integers().between(least, most);
        Arbitrary<Integer> step = Arbitraries.integers().between(1, most);
        return Arbitraries.oneOf(
                Arbitraries.just(range("*", least, most, 1)),
                value.map(each -> range("" + each, each, each, 1)),
                step.map(each -> range("*/" + each, least, most, each)),
                Combinators.combine(value, step).as((from, each) -> range(from + "/" + each, from, most, each)),
                Combinators.combine(value, value, step).as((one, other, each) -> {
                    int from = Math.min(one, other);
                    int to = Math.max(one, other);
                    return range(from + "-" + to + "/" + each, from, to, each);
                }));
    }

    private static Field range(String text, int from, int to, int step) {
        Set<Integer> values = new TreeSet<>();
        for (int value = from; value <= to; value += step) {
            values.add(value);
        }
        return new Field(text, values);
    }
}
