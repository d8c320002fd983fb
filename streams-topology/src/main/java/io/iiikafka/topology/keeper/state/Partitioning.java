package io.iiikafka.topology.keeper.state;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which partition owns what: a scope as a whole, unless it matches a pattern of scopes that are spread by key. All
 * gateways of a cluster must be given the same patterns, and once a scope holds values they must not change for it.
 *
 * @param sharded patterns in which {@code *} stands for any characters
 */
public record Partitioning(List<String> sharded, List<Pattern> patterns) {

    /** No scope is spread. */
    static final Partitioning WHOLE = of(List.of());

    public static Partitioning of(List<String> sharded) {
        return new Partitioning(List.copyOf(sharded), sharded.stream().map(Partitioning::compile).toList());
    }

    private static Pattern compile(String pattern) {
        return Pattern.compile(
                List.of(pattern.split("\\*", -1)).stream().map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    /** Whether the scope's keys are spread over all partitions. */
    boolean isSharded(String scope) {
        for (Pattern pattern : patterns) {
            if (pattern.matcher(scope).matches()) {
                return true;
            }
        }
        return false;
    }

    /** The key that decides the partition of a value. */
    String owner(StateKey key) {
        return isSharded(key.scope()) ? key.recordKey() : group(key.scope());
    }

    /** The scopes that are on one partition with this: those with the same name up to the first {@code @}. */
    static String group(String scope) {
        int end = scope.indexOf(Fork.SEPARATOR);
        return end < 0 ? scope : scope.substring(0, end);
    }
}
