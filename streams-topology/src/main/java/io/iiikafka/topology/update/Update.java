package io.iiikafka.topology.update;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.jspecify.annotations.Nullable;

/**
 * Applies operations to a value, in their order; those that fail are left out and reported (spec: state.md 4.3, 4.4).
 */
public final class Update {

    private static final int MOST_MERGED_MEMBERS = 1024;
    private static final int DEEPEST_MERGED = 16;

    /** As deep as a value that comes in a call can be: one that grew deeper could not be sent back as a whole. */
    private static final int DEEPEST = 126;

    /** After the value of a root that there is not yet. */
    private boolean missing;

    private JsonNode current;
    private final boolean strict;
    private final List<UpdateError> errors = new ArrayList<>();

    private Update(@Nullable JsonNode value, boolean strict) {
        this.missing = value == null;
        this.current = value == null ? JsonNodeFactory.instance.objectNode() : value;
        this.strict = strict;
    }

    /**
     * What becomes of the value.
     *
     * @param errors none when all operations succeeded
     */
    public record Result(JsonNode value, List<UpdateError> errors) {}

    /**
     * @param value null: the key is missing, and starts as an empty object. The tree is changed in place.
     * @param strict whether to merge into a root that is no object is an error instead of nothing
     */
    public static Result apply(@Nullable JsonNode value, List<UpdateOperation> operations, boolean strict) {
        Update update = new Update(value, strict);
        for (int i = 0; i < operations.size(); i++) {
            update.apply(i, operations.get(i));
        }
        return new Result(update.current, List.copyOf(update.errors));
    }

    private void apply(int index, UpdateOperation operation) {
        try {
            operation.path().check(operation.type());
            switch (operation) {
                case UpdateOperation.Set set -> set(set);
                case UpdateOperation.Merge merge -> merge(merge);
                case UpdateOperation.Increment increment -> add(increment, increment.by());
                case UpdateOperation.Decrement decrement -> add(decrement, decrement.by().negated());
                case UpdateOperation.Append append -> append(append);
                case UpdateOperation.Remove remove -> remove(remove);
            }
            missing = false;
        } catch (Misstep misstep) {
            errors.add(misstep.at(index));
        }
    }

    private void set(UpdateOperation.Set set) throws Misstep {
        if (set.path().isRoot()) {
            current = set.value().deepCopy();
        } else {
            object(set).set(set.path().last(), set.value().deepCopy());
        }
    }

    private void remove(UpdateOperation.Remove remove) throws Misstep {
        if (remove.path().isRoot()) {
            current = NullNode.instance;
        } else {
            object(remove).remove(remove.path().last());
        }
    }

    /** The value, for an operation on one of its members. */
    private ObjectNode object(UpdateOperation operation) throws Misstep {
        if (current instanceof ObjectNode object) {
            return object;
        }
        throw new Misstep(
                operation.type() + ".target_not_object",
                "Cannot %s at path '%s': target is %s, expected object."
                        .formatted(operation.type(), operation.path().last(), JsonTree.kind(current)));
    }

    private void merge(UpdateOperation.Merge merge) throws Misstep {
        ObjectNode value = mergeable(merge.value());
        if (!merge.path().isRoot()) {
            if (!(current instanceof ObjectNode)) {
                current = JsonNodeFactory.instance.objectNode();
            }
            walk((ObjectNode) current, merge.path().segments()).setAll(value.deepCopy());
        } else if (current instanceof ObjectNode object) {
            object.setAll(value.deepCopy());
        } else if (strict) {
            throw new Misstep(
                    "merge.target_not_object",
                    "Cannot merge at path 'root': target is " + JsonTree.kind(current) + ", expected object.");
        }
    }

    private static ObjectNode mergeable(JsonNode value) throws Misstep {
        if (!(value instanceof ObjectNode object)) {
            throw new Misstep("merge.value.not_an_object", "Merge value must be a JSON object");
        }
        if (object.size() > MOST_MERGED_MEMBERS) {
            throw new Misstep(
                    "merge.value.too_many_keys",
                    "Merge value has " + object.size() + " top-level keys, exceeds maximum of " + MOST_MERGED_MEMBERS);
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (UpdatePath.FORBIDDEN.contains(member.getKey())) {
                throw new Misstep(
                        "merge.value.proto_polluted",
                        "Merge value top-level key \"" + member.getKey() + "\" is a prototype-pollution sink");
            }
        }
        int depth = depth(object);
        if (depth > DEEPEST_MERGED) {
            throw new Misstep(
                    "merge.value.too_deep",
                    "Merge value JSON nesting depth " + depth + " exceeds maximum of " + DEEPEST_MERGED);
        }
        return object;
    }

    private static int depth(JsonNode node) {
        if (!node.isContainerNode()) {
            return 0;
        }
        int deepest = 0;
        for (JsonNode member : node) {
            deepest = Math.max(deepest, depth(member));
        }
        return deepest + 1;
    }

    /** The object at the end of the path; steps that are missing or no objects become empty ones. */
    private static ObjectNode walk(ObjectNode from, List<String> segments) {
        ObjectNode at = from;
        for (String segment : segments) {
            at = at.get(segment) instanceof ObjectNode next ? next : at.putObject(segment);
        }
        return at;
    }

    private void add(UpdateOperation operation, Amount amount) throws Misstep {
        if (operation.path().isRoot()) {
            current = missing ? amount.alone() : sum(operation, current, amount);
        } else {
            ObjectNode object = object(operation);
            String name = operation.path().last();
            JsonNode member = object.get(name);
            object.set(name, member == null ? amount.alone() : sum(operation, member, amount));
        }
    }

    private static JsonNode sum(UpdateOperation operation, JsonNode target, Amount amount) throws Misstep {
        String code = operation.type() + ".not_number";
        if (!target.isNumber()) {
            throw new Misstep(code, "Expected number at path '%s', got %s."
                    .formatted(operation.path().label(), JsonTree.kind(target)));
        }
        JsonNode sum = amount.plus(target);
        if (sum == null) {
            throw new Misstep(
                    code, "The result at path '" + operation.path().label() + "' is out of the range of numbers.");
        }
        return sum;
    }

    private void append(UpdateOperation.Append append) throws Misstep {
        UpdatePath path = append.path();
        if (path.isRoot()) {
            current = appended(missing ? NullNode.instance : current, append);
            return;
        }
        if (!(current instanceof ObjectNode object)) {
            throw new Misstep(
                    "append.target_not_object",
                    "Cannot append at path '[%s]': target is %s, expected object."
                            .formatted(String.join(", ", path.segments()), JsonTree.kind(current)));
        }
        int steps = path.segments().size() - 1;
        if (steps > 0) {
            int deepest = path.segments().size() + 1 + depth(append.value());
            if (deepest > DEEPEST) {
                throw new Misstep(
                        "append.value.too_deep",
                        "Appended there, the value would nest " + deepest + " deep, exceeds maximum of " + DEEPEST);
            }
        }
        ObjectNode parent = walk(object, path.segments().subList(0, steps));
        JsonNode target = parent.get(path.last());
        if (target == null && steps > 0) {
            parent.putArray(path.last()).add(append.value().deepCopy());
        } else {
            parent.set(path.last(), appended(target == null ? NullNode.instance : target, append));
        }
    }

    private static JsonNode appended(JsonNode target, UpdateOperation.Append append) throws Misstep {
        JsonNode value = append.value();
        String label = append.path().label();
        return switch (target.getNodeType()) {
            case NULL -> value.isTextual() ? value : JsonNodeFactory.instance.arrayNode().add(value.deepCopy());
            case ARRAY -> ((ArrayNode) target).add(value.deepCopy());
            case STRING -> {
                if (!value.isTextual()) {
                    throw new Misstep("append.type_mismatch", "Expected string append value at path '%s', got %s."
                            .formatted(label, JsonTree.kind(value)));
                }
                yield TextNode.valueOf(target.textValue() + value.textValue());
            }
            default -> throw new Misstep(
                    "append.type_mismatch",
                    "Cannot append at path '%s': target is %s, expected array, string, null, or missing field."
                            .formatted(label, JsonTree.kind(target)));
        };
    }
}
