package io.iiikafka.topology.cron;

import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.cronutils.model.field.constraint.FieldConstraints;
import com.cronutils.model.field.constraint.FieldConstraintsBuilder;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.FieldValue;
import com.cronutils.model.field.value.IntegerFieldValue;
import com.cronutils.model.field.value.SpecialChar;
import com.cronutils.parser.FieldParser;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field. What stands there is taken apart by the library; names, bounds, and what a set is counted from are
 * stricter here, as spec: cron.md 3.2 has it.
 */
final class FieldReader {

    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private static final Pattern SHAPE = Pattern.compile("[0-9LW*?#/-]{1,20}");

    private final CronField field;
    private final DayNumbers numbers;
    private final FieldParser parser;
    private final BitSet values = new BitSet();
    private @Nullable DayRule rule;
    private boolean numeric;

    private FieldReader(CronField field, DayNumbers numbers) {
        this.field = field;
        this.numbers = numbers;
        this.parser = new FieldParser(constraints(field));
    }

    private static FieldConstraints constraints(CronField field) {
        FieldConstraintsBuilder builder = FieldConstraintsBuilder.instance().forField(field.libraryName());
        return switch (field) {
            case DAY_OF_MONTH -> builder.addLSupport()
                    .addWSupport()
                    .addLWSupport()
                    .addQuestionMarkSupport()
                    .createConstraintsInstance();
            case DAY_OF_WEEK -> builder.addLSupport()
                    .addHashSupport()
                    .addQuestionMarkSupport()
                    .createConstraintsInstance();
            case SECOND, MINUTE, HOUR, MONTH, YEAR -> builder.createConstraintsInstance();
        };
    }

    static FieldSet read(CronField field, String text, DayNumbers numbers) throws InvalidCronException {
        FieldReader reader = new FieldReader(field, numbers);
        if (text.equals("?") && !field.isDay()) {
            throw reader.wrong(text, "`?` stands for a day only");
        }
        String[] elements = text.split(",", -1);
        for (String element : elements) {
            if (element.equals("?") && elements.length > 1) {
                throw reader.wrong(text, "`?` stands alone");
            }
            reader.element(element);
        }
        return new FieldSet(field, text, reader.values, reader.rule, reader.numeric);
    }

    private InvalidCronException wrong(String element, String why) {
        return new InvalidCronException(field.title() + " '" + element + "': " + why);
    }

    private void element(String element) throws InvalidCronException {
        String named = withoutNames(element);
        if (!SHAPE.matcher(named).matches()) {
            throw wrong(element, "not a value, a range, a list or a step");
        }
        FieldExpression parsed;
        try {
            parsed = parser.parse(named);
        } catch (RuntimeException e) {
            throw wrong(element, "not a value, a range, a list or a step");
        }
        switch (parsed) {
            case Always all -> add(first(), last(), 1);
            case QuestionMark any -> add(first(), last(), 1);
            case Between range -> range(element, range, 1);
            case On on -> on(element, on);
            case Every every -> every(element, every);
            default -> throw wrong(element, "not a value, a range, a list or a step");
        }
    }

    /** The element with numbers in the place of names. */
    private String withoutNames(String element) throws InvalidCronException {
        Matcher words = WORD.matcher(element);
        StringBuilder text = new StringBuilder();
        int names = 0;
        while (words.find()) {
            String word = words.group();
            String upper = word.toUpperCase(Locale.ROOT);
            boolean last = upper.endsWith("L") && field.numberOf(word.substring(0, word.length() - 1)) > 0;
            int number = field.numberOf(last ? word.substring(0, word.length() - 1) : word);
            if (number > 0) {
                names++;
                int ofDay = field == CronField.DAY_OF_WEEK && numbers == DayNumbers.UNIX ? number - 1 : number;
                words.appendReplacement(text, ofDay + (last ? "L" : ""));
            } else if (field.isDay() && (upper.equals("L") || upper.equals("W") || upper.equals("LW"))) {
                words.appendReplacement(text, upper);
            } else {
                throw wrong(element, "there is no " + field.title() + " of the name " + word);
            }
        }
        words.appendTail(text);
        if (element.indexOf('-') > 0 && names == 1) {
            throw wrong(element, "a range is of two names or of two numbers");
        }
        if (field == CronField.DAY_OF_WEEK && names == 0 && Character.isDigit(element.isEmpty() ? ' ' : element.charAt(0))) {
            numeric = true;
        }
        return text.toString();
    }

    private int first() {
        return field == CronField.DAY_OF_WEEK ? numbers.first() : field.least();
    }

    private int last() {
        return field == CronField.DAY_OF_WEEK ? numbers.last() : field.most();
    }

    private void on(String element, On on) throws InvalidCronException {
        SpecialChar special = on.getSpecialChar().getValue();
        int value = on.getTime().getValue();
        switch (special) {
            case NONE -> add(bounded(element, value), value, 1);
            case L -> {
                if (field == CronField.DAY_OF_MONTH) {
                    rule(element, new DayRule.LastDay());
                } else if (value < 0) {
                    values.set(7);
                } else {
                    rule(element, new DayRule.LastWeekday(numbers.day(bounded(element, value))));
                }
            }
            case LW -> rule(element, new DayRule.LastWorkday());
            case W -> rule(element, new DayRule.NearestWorkday(bounded(element, value)));
            case HASH -> {
                int nth = on.getNth().getValue();
                if (nth < 1 || nth > 5) {
                    throw wrong(element, "a month has the first to the fifth of a day");
                }
                rule(element, new DayRule.NthWeekday(numbers.day(bounded(element, value)), nth));
            }
            case QUESTION_MARK -> throw wrong(element, "`?` stands alone");
        }
    }

    private void rule(String element, DayRule found) throws InvalidCronException {
        if (rule != null) {
            throw wrong(element, "only one of L, W and # may stand in a field");
        }
        rule = found;
    }

    private void every(String element, Every every) throws InvalidCronException {
        int step = every.getPeriod().getValue();
        if (step < 1 || step > field.most()) {
            throw wrong(element, "a step is from 1 to " + field.most());
        }
        switch (every.getExpression()) {
            case Always all -> add(first(), last(), step);
            case Between range -> range(element, range, step);
            case On on when on.getSpecialChar().getValue() == SpecialChar.NONE -> {
                int from = bounded(element, on.getTime().getValue());
                add(from, Math.max(from, last()), step);
            }
            default -> throw wrong(element, "a step follows `*`, a value or a range");
        }
    }

    private void range(String element, Between range, int step) throws InvalidCronException {
        int from = bounded(element, number(element, range.getFrom()));
        int to = bounded(element, number(element, range.getTo()));
        if (from > to) {
            throw wrong(element, "a range does not wrap around");
        }
        add(from, to, step);
    }

    private int number(String element, FieldValue<?> value) throws InvalidCronException {
        if (value instanceof IntegerFieldValue integer) {
            return integer.getValue();
        }
        throw wrong(element, "a range is of two names or of two numbers");
    }

    private int bounded(String element, int value) throws InvalidCronException {
        int least = field == CronField.DAY_OF_WEEK ? 0 : field.least();
        if (value < least || value > field.most()) {
            throw wrong(element, "values are from " + field.least() + " to " + field.most());
        }
        return value;
    }

    private void add(int from, int to, int step) {
        for (int value = from; value <= to; value += step) {
            values.set(field == CronField.DAY_OF_WEEK ? numbers.day(value) : value);
        }
    }
}
