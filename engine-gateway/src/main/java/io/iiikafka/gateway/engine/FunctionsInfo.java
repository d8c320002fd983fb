package io.iiikafka.gateway.engine;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** {@code engine::functions::info} (spec: protocol.md 6.3). */
final class FunctionsInfo extends AnsweringFunction {

    private static final int MOST = 32;

    private final FunctionDirectory functions;
    private final Rows rows;

    FunctionsInfo(FunctionDirectory functions, Rows rows) {
        super("engine::functions::info", "Describes one function, or up to 32");
        this.functions = functions;
        this.rows = rows;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        String namespace = input.namespace("namespace");
        if (input.has("function_id") && input.has("function_ids")) {
            throw invalid("pass either `function_id` or `function_ids`, not both");
        }
        if (input.has("function_id")) {
            return rows.functionInfo(functions.resolve(input.requiredText("function_id"), namespace));
        }
        if (!input.has("function_ids")) {
            throw invalid("missing field `function_id` (or `function_ids` for a batch)");
        }
        List<String> ids = input.texts("function_ids").stream().distinct().toList();
        if (ids.isEmpty()) {
            throw invalid("`function_ids` must be a non-empty array of function ids");
        }
        if (ids.size() > MOST) {
            throw invalid("too many function_ids (max " + MOST + ")");
        }
        List<ObjectNode> infos = ids.stream().map(id -> infoOrError(id, namespace)).toList();
        return Json.object().set("functions", Json.array(infos));
    }

    private ObjectNode infoOrError(String id, @Nullable String namespace) {
        try {
            return rows.functionInfo(functions.resolve(id, namespace));
        } catch (Refusal refusal) {
            return Json.object().put("function_id", id).put("error", "not_found");
        }
    }

    private static Refusal invalid(String message) {
        return Refusal.of(ErrorCode.INVALID_ARGUMENTS, message);
    }
}
