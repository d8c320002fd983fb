package io.iiikafka.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.TriggerState;
import io.iiikafka.gateway.trigger.TriggerTypeView;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;

/** {@code engine::registered-triggers::info} (spec: protocol.md 6.8). */
final class RegisteredTriggersInfo extends AnsweringFunction {

    private final Triggers triggers;
    private final FunctionDirectory functions;
    private final Rows rows;

    RegisteredTriggersInfo(Triggers triggers, FunctionDirectory functions, Rows rows) {
        super("engine::registered-triggers::info", "Describes one trigger");
        this.triggers = triggers;
        this.functions = functions;
        this.rows = rows;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        String id = input.requiredText("id");
        Triggers.Applied applied = triggers.get(id);
        if (applied == null || !applied.state().live()) {
            throw Refusal.of(ErrorCode.NOT_FOUND, "Registered trigger '" + id + "' was not found.");
        }
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        ObjectNode info = rows.registeredTrigger(applied);
        info.remove("config_summary");
        Json.putIfPresent(info, "metadata", trigger.metadata());
        info.set(
                "trigger",
                triggers.types()
                        .filter(type -> serves(type, applied))
                        .findFirst()
                        .<JsonNode>map(rows::triggerTypeInfo)
                        .orElse(JsonNodeFactory.instance.nullNode()));
        info.set(
                "function",
                functions
                        .find(new FunctionKey(trigger.namespace(), trigger.functionId()))
                        .<JsonNode>map(rows::functionInfo)
                        .orElse(JsonNodeFactory.instance.nullNode()));
        return info;
    }

    private static boolean serves(TriggerTypeView type, Triggers.Applied applied) {
        return type.id().equals(applied.typeId())
                && switch (applied.state()) {
                    case TriggerState.Builtin builtin -> type.provider() == null;
                    case TriggerState.Provided provided -> provided.connection().equals(type.provider());
                    case TriggerState.Parked parked -> false;
                };
    }
}
