package io.iiikafka.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Call;

/** {@code engine::triggers::info} (spec: protocol.md 6.7). */
final class TriggersInfo extends AnsweringFunction {

    private final Triggers triggers;
    private final Rows rows;

    TriggersInfo(Triggers triggers, Rows rows) {
        super("engine::triggers::info", "Describes one trigger type");
        this.triggers = triggers;
        this.rows = rows;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        String id = input.requiredText("id");
        String named = input.namespace("namespace");
        String namespace = named == null ? Call.DEFAULT_NAMESPACE : named;
        return triggers.types()
                .filter(type -> type.id().equals(id) && type.namespace().equals(namespace))
                .findFirst()
                .map(rows::triggerTypeInfo)
                .orElseThrow(() -> Refusal.of(
                        ErrorCode.NOT_FOUND,
                        "Trigger type '" + id + "' is not registered in namespace '" + namespace + "'."));
    }
}
