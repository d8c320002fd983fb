package io.iiikafka.topology.topics;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * One ACL: operations on all resources of a type whose names start with a prefix.
 *
 * @param resource as {@code kafka-acls} names it: {@code topic}, {@code group}, {@code transactional-id}, {@code
 *     cluster}
 * @param prefix empty: all names; null: the resource has no names
 */
public record Permission(String resource, @Nullable String prefix, List<String> operations) {

    /** For instance {@code --operation Read --topic iii. --resource-pattern-type prefixed}. */
    String toOptions() {
        String allowed = operations.stream()
                .map(operation -> "--operation " + operation)
                .collect(Collectors.joining(" "));
        if (prefix == null) {
            return allowed + " --" + resource;
        }
        return prefix.isEmpty()
                ? allowed + " --" + resource + " '*'"
                : allowed + " --" + resource + " '" + prefix + "' --resource-pattern-type prefixed";
    }
}
