package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.TriggerTypeView;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.topology.record.Call;

/** {@code engine::trigger-types::list}, which SDKs from 0.10 to 0.12 call (spec: protocol.md 13.3). */
final class TriggerTypesList extends AnsweringFunction {

    private final Triggers triggers;

    TriggerTypesList(Triggers triggers) {
        super("engine::trigger-types::list", "Lists trigger types for older SDKs; see engine::triggers::list");
        this.triggers = triggers;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        boolean internal = input.flag("include_internal");
        List<ObjectNode> rows = triggers.types()
                .filter(type -> internal || !type.id().startsWith("engine::"))
                .sorted(Comparator.comparing(TriggerTypeView::id))
                .map(TriggerTypesList::row)
                .toList();
        return Json.object().set("trigger_types", Json.array(rows));
    }

    private static ObjectNode row(TriggerTypeView type) {
        ObjectNode row = Json.object();
        row.put("id", type.id());
        row.put("description", type.description());
        Json.putIfPresent(row, "trigger_request_format", type.configurationSchema());
        Json.putIfPresent(row, "call_request_format", type.requestSchema());
        return row;
    }
}
