package io.iiikafka.gateway.provided;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Operations;
import io.iiikafka.topology.update.JsonTree;
import io.iiikafka.topology.update.MalformedOperationException;
import io.iiikafka.topology.update.OperationReader;
import io.iiikafka.topology.update.UpdateOperation;

/**
 * The operations of an update.
 *
 * @param operations as the engine understands them
 * @param normal as a worker gets them: only the members that count (spec: stream.md 4.1.4)
 */
record OperationList(List<UpdateOperation> operations, RawJson normal) {

    static OperationList of(Input input) {
        JsonNode given = JsonTree.read(Operations.given(input));
        try {
            List<UpdateOperation> operations = OperationReader.read(given);
            ArrayNode normal = JsonNodeFactory.instance.arrayNode();
            given.forEach(operation -> normal.add(normal(operation)));
            return new OperationList(operations, JsonTree.write(normal));
        } catch (MalformedOperationException e) {
            throw input.misfit(String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode normal(JsonNode given) {
        ObjectNode operation = JsonNodeFactory.instance.objectNode();
        String type = given.get("type").textValue();
        operation.set("type", given.get("type"));
        JsonNode path = given.path("path");
        boolean root = path.isMissingNode() || path.isNull() || path.isTextual() && path.textValue().isEmpty();
        boolean pathMayLack = type.equals("merge") || type.equals("append");
        if (!root || !pathMayLack) {
            operation.set("path", path);
        }
        switch (type) {
            case "set" -> operation.set("value", given.has("value") ? given.get("value") : operation.nullNode());
            case "merge", "append" -> operation.set("value", given.get("value"));
            case "increment", "decrement" -> operation.set("by", given.has("by") ? given.get("by") : given.get("value"));
            default -> {} // a removal has nothing but its path
        }
        return operation;
    }
}
