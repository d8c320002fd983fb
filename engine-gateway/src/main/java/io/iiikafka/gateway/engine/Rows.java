package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.TriggerTypeView;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.FunctionKey;
import org.jspecify.annotations.Nullable;

/** The rows that several engine functions answer with (spec: protocol.md section 6). */
final class Rows {

    private static final int SUMMARY_LENGTH = 80;

    private final FunctionDirectory functions;
    private final Triggers triggers;

    Rows(FunctionDirectory functions, Triggers triggers) {
        this.functions = functions;
        this.triggers = triggers;
    }

    /**
     * A row of {@code engine::functions::list}, with the keys that older SDKs read (13.3).
     *
     * @param namedFormats whether the reader takes a format only when it has a name and a type; others become null
     */
    static ObjectNode listedFunction(FunctionDirectory.Entry entry, boolean namedFormats) {
        ObjectNode row = function(entry);
        Json.putOrNull(row, "request_format", readable(entry.requestSchema(), namedFormats));
        Json.putOrNull(row, "response_format", readable(entry.responseSchema(), namedFormats));
        return row;
    }

    private static @Nullable RawJson readable(@Nullable RawJson format, boolean named) {
        if (!named || format == null) {
            return format;
        }
        JsonNode tree = format.toTree();
        return tree.path("name").isTextual() && tree.path("type").isTextual() ? format : null;
    }

    /** A row of any other list of functions (6.2). */
    static ObjectNode function(FunctionDirectory.Entry entry) {
        ObjectNode row = Json.object();
        row.put("function_id", entry.key().id());
        row.put("namespace", entry.key().namespace());
        row.put("worker_name", entry.workerName());
        row.put("description", entry.description());
        Json.putOrNull(row, "metadata", entry.metadata());
        return row;
    }

    /** The answer of {@code engine::functions::info}. */
    ObjectNode functionInfo(FunctionDirectory.Entry entry) {
        ObjectNode info = Json.object();
        info.put("function_id", entry.key().id());
        info.put("namespace", entry.key().namespace());
        info.put("worker_name", entry.workerName());
        Json.putIfPresent(info, "description", entry.description());
        Json.putIfPresent(info, "request_schema", entry.requestSchema());
        Json.putIfPresent(info, "response_schema", entry.responseSchema());
        Json.putIfPresent(info, "metadata", entry.metadata());
        List<ObjectNode> bound = triggers.all().stream()
                .filter(each -> each.state().live() && isTarget(entry.key(), each.trigger().entry()))
                .sorted(Comparator.comparing(each -> each.trigger().entry().id()))
                .map(Rows::boundTrigger)
                .toList();
        info.set("registered_triggers", Json.array(bound));
        return info;
    }

    private static boolean isTarget(FunctionKey function, CatalogEntry.Trigger trigger) {
        return trigger.functionId().equals(function.id()) && trigger.namespace().equals(function.namespace());
    }

    private static ObjectNode boundTrigger(Triggers.Applied applied) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        ObjectNode row = Json.object();
        row.put("id", trigger.id());
        row.put("trigger_type", applied.trigger().entry().type());
        Json.put(row, "config", trigger.config());
        return row;
    }

    static ObjectNode triggerType(TriggerTypeView type) {
        ObjectNode row = Json.object();
        row.put("id", type.id());
        row.put("namespace", type.namespace());
        row.put("worker_name", type.owner());
        row.put("description", type.description());
        return row;
    }

    ObjectNode triggerTypeInfo(TriggerTypeView type) {
        ObjectNode info = triggerType(type);
        Json.putIfPresent(info, "configuration_schema", type.configurationSchema());
        Json.putIfPresent(info, "request_schema", type.requestSchema());
        Json.putIfPresent(info, "response_schema", type.responseSchema());
        info.put(
                "instance_count",
                triggers.all().stream()
                        .filter(each -> each.state().live() && each.typeId().equals(type.id()))
                        .count());
        return info;
    }

    ObjectNode registeredTrigger(Triggers.Applied applied) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        ObjectNode row = Json.object();
        row.put("id", trigger.id());
        row.put("trigger_type", applied.trigger().entry().type());
        row.put("function_id", trigger.functionId());
        row.put("worker_name", functions.ownerOf(trigger.namespace(), trigger.functionId()));
        row.put("namespace", trigger.namespace());
        row.put("status", applied.state().live() ? "live" : "pending");
        Json.put(row, "config", trigger.config());
        row.put("config_summary", summary(trigger.config().toTree().toString()));
        return row;
    }

    private static String summary(String config) {
        return config.codePointCount(0, config.length()) <= SUMMARY_LENGTH
                ? config
                : config.substring(0, config.offsetByCodePoints(0, SUMMARY_LENGTH)) + "…";
    }
}
