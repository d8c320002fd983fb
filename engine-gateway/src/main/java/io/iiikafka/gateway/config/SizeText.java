package io.iiikafka.gateway.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: {@code 512KiB}, {@code 16MiB}, {@code 1GiB} (also {@code K}, {@code MB} …: powers
 * of 1024).
 */
final class SizeText {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,15})\\s*(?:([KMG])(?:iB|B)?|B)?", Pattern.CASE_INSENSITIVE);
    private static final long KIBI = 1024;

    private SizeText() {}

    static long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text);
        }
        long number = Long.parseLong(form.group(1));
        String unit = form.group(2);
        return switch (unit == null ? "" : unit.toUpperCase(Locale.ROOT)) {
            case "K" -> Math.multiplyExact(number, KIBI);
            case "M" -> Math.multiplyExact(number, KIBI * KIBI);
            case "G" -> Math.multiplyExact(number, KIBI * KIBI * KIBI);
            default -> number;
        };
    }

    static int parseUpTo(String text, long most) {
        long bytes = parse(text);
        if (bytes > most) {
            throw new IllegalArgumentException(text);
        }
        return (int) bytes;
    }

    static String format(long bytes) {
        String[] units = {"KiB", "MiB", "GiB"};
        String text = bytes + " bytes";
        long rest = bytes;
        for (String unit : units) {
            if (rest == 0 || rest % KIBI != 0) {
                break;
            }
            rest /= KIBI;
            text = rest + unit;
        }
        return text;
    }
}
