package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** {@code engine::registered-triggers::list} (spec: protocol.md 6.8); {@code include_pending} adds parked ones. */
final class RegisteredTriggersList extends AnsweringFunction {

    private final Triggers triggers;
    private final FunctionDirectory functions;
    private final Rows rows;

    RegisteredTriggersList(Triggers triggers, FunctionDirectory functions, Rows rows) {
        super("engine::registered-triggers::list", "Lists triggers");
        this.triggers = triggers;
        this.functions = functions;
        this.rows = rows;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        Search search = Search.of(input.text("search"));
        String type = input.text("trigger_type");
        String function = input.text("function_id");
        String worker = input.text("worker");
        boolean internal = input.flag("include_internal");
        boolean pending = input.flag("include_pending");
        List<ObjectNode> found = triggers.all().stream()
                .filter(each -> pending || each.state().live())
                .filter(each -> type == null || each.isCalled(type))
                .filter(each -> matches(each, search, function, internal))
                .filter(each -> worker == null || worker.equals(owner(each.trigger().entry())))
                .sorted(Comparator.comparing(each -> each.trigger().entry().id()))
                .map(rows::registeredTrigger)
                .toList();
        return Json.object().set("registered_triggers", Json.array(found));
    }

    private static boolean matches(
            Triggers.Applied applied, Search search, @Nullable String function, boolean internal) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        return (internal || !trigger.functionId().startsWith("engine::"))
                && search.finds(trigger.id(), trigger.type(), applied.typeId(), trigger.functionId())
                && (function == null || function.equals(trigger.functionId()));
    }

    private String owner(CatalogEntry.Trigger trigger) {
        return functions.ownerOf(trigger.namespace(), trigger.functionId());
    }
}
