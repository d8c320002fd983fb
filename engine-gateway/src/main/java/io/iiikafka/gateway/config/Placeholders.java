package io.iiikafka.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code ${NAME}} and {@code ${NAME:default}} in a file (spec: configuration.md 2.4); {@code $${…}} stands for a
 * literal {@code ${…}}.
 *
 * <p>A placeholder is not YAML inside {@code { … }}, so each is {@link #hide hidden} behind a token before the file is
 * parsed, and {@link #expand expanded} in the values after it. What stands in comments is therefore never looked at,
 * and what a variable holds can never change the structure of the file.
 */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("(\\$?)\\$\\{([^}:\\n]*)(?::([^}\\n]*))?}");
    private static final String ENGINE_VERSION = "__III_ENGINE_VERSION__";
    private static final Pattern TOKEN = Pattern.compile("\uE000(\\d+)\uE001");

    private final Map<String, String> environment;
    private final String engineVersion;
    private final List<MatchResult> hidden = new ArrayList<>();

    Placeholders(Map<String, String> environment, String engineVersion) {
        this.environment = environment;
        this.engineVersion = engineVersion;
    }

    /** The text with a token, safe in any YAML value, in place of each placeholder. Lines stay where they are. */
    String hide(String text) {
        StringBuilder result = new StringBuilder();
        Matcher found = PLACEHOLDER.matcher(text);
        while (found.find()) {
            found.appendReplacement(result, "\uE000" + hidden.size() + "\uE001");
            hidden.add(found.toMatchResult());
        }
        return found.appendTail(result).toString();
    }

    /** Whether the text is one placeholder and nothing else. */
    static boolean isOne(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The text with each token replaced by what its placeholder stands for; unset variables are errors. */
    String expand(String text, String where, Problems problems) {
        return TOKEN.matcher(text)
                .replaceAll(token -> Matcher.quoteReplacement(
                        value(hidden.get(Integer.parseInt(token.group(1))), where, problems)));
    }

    private String value(MatchResult placeholder, String where, Problems problems) {
        if (!placeholder.group(1).isEmpty()) {
            return placeholder.group().substring(1);
        }
        String set = environment.get(placeholder.group(2));
        if (set != null) {
            return set;
        }
        String fallback = placeholder.group(3);
        if (fallback == null) {
            problems.error(
                    where,
                    "environment variable " + placeholder.group(2)
                            + " is not set and has no default; set it, or write ${"
                            + placeholder.group(2) + ":default}");
            return "";
        }
        return fallback.equals(ENGINE_VERSION) ? engineVersion : fallback;
    }
}
