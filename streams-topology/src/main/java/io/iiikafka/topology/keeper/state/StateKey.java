package io.iiikafka.topology.keeper.state;

import org.jspecify.annotations.Nullable;

/**
 * The address of a value.
 *
 * <p>As the key of a record it is {@code <scope>/<key>}: in the scope, and only there, {@code %} is written {@code %25}
 * and {@code /} is written {@code %2F}, so that the first slash ends it. The key follows as it is.
 */
public record StateKey(String scope, String key) {

    private static final char SEPARATOR = '/';

    /** The key of the value's record. */
    public String recordKey() {
        return prefixOf(scope) + key;
    }

    /** What the record keys of all values of the scope begin with. */
    public static String prefixOf(String scope) {
        return escape(scope) + SEPARATOR;
    }

    /** What is behind the record keys of all values of the scope. */
    static String endOf(String scope) {
        return escape(scope) + (char) (SEPARATOR + 1);
    }

    private static String escape(String scope) {
        return scope.indexOf('%') < 0 && scope.indexOf(SEPARATOR) < 0
                ? scope
                : scope.replace("%", "%25").replace("/", "%2F");
    }

    /** Reads a record's key; null when it is none. */
    public static @Nullable StateKey parse(String recordKey) {
        int separator = recordKey.indexOf(SEPARATOR);
        if (separator < 0) {
            return null;
        }
        String scope = recordKey.substring(0, separator).replace("%2F", "/").replace("%25", "%");
        return new StateKey(scope, recordKey.substring(separator + 1));
    }
}
