package io.iiikafka.gateway.config;

import java.util.function.Function;

/**
 * How a kind of value is read and shown.
 *
 * @param expects completes "must be …"
 * @param structured whether it is YAML wherever it is given, not a word
 * @param reader throws {@link BadValue}
 * @param show the inverse of reading, for people
 */
record SettingType<T>(String expects, boolean structured, Function<ConfigNode, T> reader, Function<T, String> show) {

    T read(ConfigNode node) {
        return reader.apply(node);
    }

    /** The complaint about a value that is something else. */
    BadValue complaint(ConfigNode node) {
        String found = node instanceof ConfigNode.Scalar scalar ? ", not '" + scalar.text() + "'" : "";
        return new BadValue("must be " + expects + found);
    }
}
