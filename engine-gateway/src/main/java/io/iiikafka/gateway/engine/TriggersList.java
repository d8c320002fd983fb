package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.TriggerTypeView;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;

/**
 * {@code engine::triggers::list}: trigger types (spec: protocol.md 6.6); to SDKs below 0.13.0, for which the same id
 * meant trigger instances, those (13.3).
 */
final class TriggersList extends AnsweringFunction {

    private final Triggers triggers;
    private final LegacyCallers legacy;

    TriggersList(Triggers triggers, LegacyCallers legacy) {
        super("engine::triggers::list", "Lists trigger types");
        this.triggers = triggers;
        this.legacy = legacy;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        boolean current = input.has("search") || input.has("prefix") || input.has("worker");
        boolean internal = input.flag("include_internal");
        List<ObjectNode> rows = !current && legacy.isLegacy(call) ? instances(internal) : types(input, internal);
        return Json.object().set("triggers", Json.array(rows));
    }

    private List<ObjectNode> types(Input input, boolean internal) {
        Search search = Search.of(input.text("search"));
        String prefix = input.text("prefix");
        String worker = input.text("worker");
        return triggers.types()
                .filter(type -> internal || !type.id().startsWith("engine::"))
                .filter(type -> search.finds(type.id(), type.description()))
                .filter(type -> prefix == null || type.id().startsWith(prefix))
                .filter(type -> worker == null || type.owner().equals(worker))
                .sorted(Comparator.comparing(TriggerTypeView::id).thenComparing(TriggerTypeView::namespace))
                .map(Rows::triggerType)
                .toList();
    }

    private List<ObjectNode> instances(boolean internal) {
        return triggers.all().stream()
                .filter(each -> each.state().live())
                .filter(each -> internal || !each.trigger().entry().functionId().startsWith("engine::"))
                .sorted(Comparator.comparing(each -> each.trigger().entry().id()))
                .map(TriggersList::instance)
                .toList();
    }

    private static ObjectNode instance(Triggers.Applied applied) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        ObjectNode row = Json.object();
        row.put("id", trigger.id());
        row.put("trigger_type", applied.trigger().entry().type());
        row.put("function_id", trigger.functionId());
        Json.put(row, "config", trigger.config());
        Json.putIfPresent(row, "metadata", trigger.metadata());
        return row;
    }
}
