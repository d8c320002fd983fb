package io.iiikafka.gateway.config;

import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A value as given, before it is known what it is for. {@link #where()} says by whom, for instance {@code
 * config.yaml:12}.
 */
sealed interface ConfigNode {

    String where();

    /** True where YAML means "no value". */
    default boolean isNull() {
        return false;
    }

    /** A single value. {@code quoted} values are text whatever they look like. */
    record Scalar(String text, boolean quoted, String where) implements ConfigNode {

        private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

        @Override
        public boolean isNull() {
            return !quoted && NULLS.contains(text);
        }
    }

    record Sequence(List<ConfigNode> items, String where) implements ConfigNode {}

    record Mapping(List<Entry> entries, String where) implements ConfigNode {

        /** The value of a key, or null when it is absent. */
        @Nullable ConfigNode get(String key) {
            for (Entry entry : entries) {
                if (entry.key().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }
    }

    /** {@code where} is the place of the key. */
    record Entry(String key, ConfigNode value, String where) {}
}
