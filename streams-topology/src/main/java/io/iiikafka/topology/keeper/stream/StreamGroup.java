package io.iiikafka.topology.keeper.stream;

/**
 * A group of a stream: what has one owner, one order and one clock.
 *
 * <p>As the key of a record it is {@code <stream>/<group>}; {@code %} is written {@code %25} and {@code /} is written
 * {@code %2F} in both, so that {@code a/b} of {@code c} is not {@code a} of {@code b/c}.
 */
record StreamGroup(String stream, String group) {

    private static final char SEPARATOR = '/';

    /** The key of the group's records in {@code stream-events}, and what decides the partition. */
    String recordKey() {
        return prefixOf(stream) + escape(group);
    }

    /** The key of an item's record: {@code <stream>/<group>/<item>}, the item as it is. */
    String itemKey(String item) {
        return itemPrefix() + item;
    }

    /** What the keys of the records of all items begin with. */
    String itemPrefix() {
        return recordKey() + SEPARATOR;
    }

    /** What the keys of all groups of a stream begin with. */
    static String prefixOf(String stream) {
        return escape(stream) + SEPARATOR;
    }

    /** Reads {@link #recordKey()}. */
    static StreamGroup parse(String recordKey) {
        int separator = recordKey.indexOf(SEPARATOR);
        return new StreamGroup(
                unescape(recordKey.substring(0, separator)), unescape(recordKey.substring(separator + 1)));
    }

    static String escape(String name) {
        return name.indexOf('%') < 0 && name.indexOf(SEPARATOR) < 0
                ? name
                : name.replace("%", "%25").replace("/", "%2F");
    }

    private static String unescape(String name) {
        return name.replace("%2F", "/").replace("%25", "%");
    }
}
