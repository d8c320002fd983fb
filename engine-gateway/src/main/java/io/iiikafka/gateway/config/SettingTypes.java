package io.iiikafka.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The kinds of values that settings have. */
final class SettingTypes {

    static final SettingType<String> TEXT = scalar("text", Function.identity(), Function.identity());
    static final SettingType<Path> DIRECTORY = scalar("a directory", Path::of, Path::toString);
    static final SettingType<Integer> PORT = integer(0, 65_535);
    static final SettingType<Boolean> FLAG = scalar("true or false", SettingTypes::flag, String::valueOf);
    static final SettingType<Duration> DURATION = scalar(
            "a duration such as 300ms, 15s, 5m or 1h (a bare number is milliseconds)",
            DurationText::parse,
            DurationText::format);
    static final SettingType<Long> SIZE = scalar(
            "a size such as 512KiB or 16MiB (a bare number is bytes)", SizeText::parse, SizeText::format);
    static final SettingType<Integer> SMALL_SIZE = scalar(
            "a size such as 512KiB or 16MiB, at most 1GiB (a bare number is bytes)",
            text -> SizeText.parseUpTo(text, 1L << 30),
            bytes -> SizeText.format(bytes));
    static final SettingType<OptionalLong> OPTIONAL_SIZE = new SettingType<>(
            SIZE.expects(),
            false,
            node -> node.isNull() ? OptionalLong.empty() : OptionalLong.of(SIZE.read(node)),
            size -> size.isEmpty() ? "none" : SizeText.format(size.getAsLong()));
    static final SettingType<Optional<String>> OPTIONAL_TEXT = new SettingType<>(
            "text",
            false,
            SettingTypes::optionalText,
            text -> text.orElse("none"));

    private SettingTypes() {}

    static SettingType<Integer> integer(int min, int max) {
        return scalar(
                max == Integer.MAX_VALUE
                        ? "a whole number, at least " + min
                        : "a whole number from " + min + " to " + max,
                text -> {
                    int value = Integer.parseInt(text);
                    if (value < min || value > max) {
                        throw new NumberFormatException();
                    }
                    return value;
                },
                String::valueOf);
    }

    /** A number, or a word that stands for one. */
    static SettingType<Integer> integerOr(String word, int meaning, int min, int max) {
        SettingType<Integer> number = integer(min, max);
        return scalar(
                "'" + word + "' or " + number.expects(),
                text -> text.equals(word) ? meaning : number.read(new ConfigNode.Scalar(text, false, "")),
                value -> value == meaning ? word : String.valueOf(value));
    }

    /** A size, or a word that stands for one. */
    static SettingType<Long> sizeOr(String word, long meaning) {
        return scalar(
                "'" + word + "' or " + SIZE.expects(),
                text -> text.equals(word) ? meaning : SizeText.parse(text),
                value -> value == meaning ? word : SizeText.format(value));
    }

    static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
        return scalar(names(type, ", "), text -> constant(type, text), SettingTypes::name);
    }

    /** Some of the constants: a list, or words with commas between them. */
    static <E extends Enum<E>> SettingType<Set<E>> someOf(Class<E> type) {
        return new SettingType<>(
                "one or more of " + names(type, ", "),
                false,
                node -> {
                    Set<E> chosen = EnumSet.noneOf(type);
                    for (String word : words(node)) {
                        chosen.add(oneOf(type).read(new ConfigNode.Scalar(word, false, node.where())));
                    }
                    if (chosen.isEmpty()) {
                        throw new BadValue("must be one or more of " + names(type, ", "));
                    }
                    return chosen;
                },
                chosen -> chosen.stream().map(SettingTypes::name).collect(Collectors.joining(",")));
    }

    /** The texts of a list, or of one value with commas. */
    static List<String> words(ConfigNode node) {
        return switch (node) {
            case ConfigNode.Scalar scalar -> Stream.of(scalar.text().split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
            case ConfigNode.Sequence sequence -> {
                List<String> words = new ArrayList<>();
                sequence.items().forEach(item -> words.add(TEXT.read(item)));
                yield words;
            }
            case ConfigNode.Mapping mapping -> throw new BadValue("must be a list of texts");
        };
    }

    private static <T> SettingType<T> scalar(String expects, Function<String, T> parse, Function<T, String> show) {
        Function<ConfigNode, T> reader = node -> {
            SettingType<T> self = new SettingType<>(expects, false, given -> null, show);
            if (!(node instanceof ConfigNode.Scalar scalar) || scalar.isNull()) {
                throw self.complaint(node);
            }
            try {
                return parse.apply(scalar.text().strip());
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw self.complaint(node);
            }
        };
        return new SettingType<>(expects, false, reader, show);
    }

    private static Optional<String> optionalText(ConfigNode node) {
        return node.isNull() ? Optional.empty() : Optional.of(TEXT.read(node)).filter(text -> !text.isEmpty());
    }

    private static boolean flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String text) {
        return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <E extends Enum<E>> String names(Class<E> type, String separator) {
        return EnumSet.allOf(type).stream().map(SettingTypes::name).collect(Collectors.joining(separator));
    }
}
