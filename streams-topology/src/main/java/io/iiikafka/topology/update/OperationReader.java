package io.iiikafka.topology.update;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import org.jspecify.annotations.Nullable;

/** Reads operations as they come in (spec: state.md 4.1). */
public final class OperationReader {

    private OperationReader() {}

    /** @throws MalformedOperationException when one of them cannot be read */
    public static List<UpdateOperation> read(JsonNode operations) throws MalformedOperationException {
        if (!operations.isArray()) {
            throw new MalformedOperationException("`ops` must be an array of operations");
        }
        List<UpdateOperation> read = new ArrayList<>(operations.size());
        for (JsonNode operation : operations) {
            read.add(operation(operation, "operation " + read.size() + ": "));
        }
        return read;
    }

    private static UpdateOperation operation(JsonNode node, String where) throws MalformedOperationException {
        if (!node.isObject()) {
            throw new MalformedOperationException(where + "expected an object");
        }
        JsonNode type = node.path("type");
        if (!type.isTextual()) {
            throw new MalformedOperationException(where + "missing field `type`");
        }
        return switch (type.textValue()) {
            case "set" -> new UpdateOperation.Set(name(node, where), orNull(node.get("value")));
            case "merge" -> new UpdateOperation.Merge(path(node, where), value(node, where));
            case "increment" -> new UpdateOperation.Increment(name(node, where), amount(node, where));
            case "decrement" -> new UpdateOperation.Decrement(name(node, where), amount(node, where));
            case "append" -> new UpdateOperation.Append(path(node, where), value(node, where));
            case "remove" -> new UpdateOperation.Remove(name(node, where));
            default -> throw new MalformedOperationException(where + "unknown variant `" + type.textValue()
                    + "`, expected one of `set`, `merge`, `increment`, `decrement`, `append`, `remove`");
        };
    }

    private static JsonNode orNull(@Nullable JsonNode value) {
        return value == null ? NullNode.instance : value;
    }

    private static JsonNode value(JsonNode node, String where) throws MalformedOperationException {
        JsonNode value = node.get("value");
        if (value == null) {
            throw new MalformedOperationException(where + "missing field `value`");
        }
        return value;
    }

    private static UpdatePath name(JsonNode node, String where) throws MalformedOperationException {
        JsonNode path = node.get("path");
        if (path == null) {
            throw new MalformedOperationException(where + "missing field `path`");
        }
        if (!path.isTextual()) {
            throw new MalformedOperationException(where + "`path` must be a string");
        }
        return UpdatePath.of(path.textValue());
    }

    private static UpdatePath path(JsonNode node, String where) throws MalformedOperationException {
        JsonNode path = node.get("path");
        if (path == null || path.isNull()) {
            return UpdatePath.ROOT;
        }
        if (path.isTextual()) {
            return UpdatePath.of(path.textValue());
        }
        List<String> segments = new ArrayList<>(path.size());
        for (JsonNode segment : path) {
            if (segment.isTextual()) {
                segments.add(segment.textValue());
            }
        }
        if (!path.isArray() || segments.size() != path.size()) {
            throw new MalformedOperationException(where + "`path` must be a string or an array of strings");
        }
        return new UpdatePath(List.copyOf(segments));
    }

    /** {@code by}, for which some callers write {@code value}. */
    private static Amount amount(JsonNode node, String where) throws MalformedOperationException {
        JsonNode by = node.has("by") ? node.get("by") : node.get("value");
        if (by == null) {
            throw new MalformedOperationException(where + "missing field `by`");
        }
        Amount amount = Amount.of(by);
        if (amount == null) {
            throw new MalformedOperationException(where + "`by` must be a number, whole ones within 64 bits");
        }
        return amount;
    }
}
