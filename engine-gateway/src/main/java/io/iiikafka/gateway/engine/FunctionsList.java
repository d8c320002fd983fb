package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.topology.record.Call;

/** {@code engine::functions::list} (spec: protocol.md 6.2). */
final class FunctionsList extends AnsweringFunction {

    private final FunctionDirectory functions;
    private final LegacyCallers legacy;

    FunctionsList(FunctionDirectory functions, LegacyCallers legacy) {
        super("engine::functions::list", "Lists the functions that can be called");
        this.functions = functions;
        this.legacy = legacy;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        Search search = Search.of(input.text("search"));
        String prefix = input.text("prefix");
        List<String> workers = input.texts("workers");
        if (input.has("worker")) {
            workers.add(input.text("worker"));
        }
        boolean internal = input.flag("include_internal");
        boolean namedFormats = legacy.isLegacyPython(call);
        List<ObjectNode> rows = functions
                .all()
                .filter(entry -> internal || !entry.internal())
                .filter(entry -> search.finds(entry.key().id(), entry.description()))
                .filter(entry -> prefix == null || entry.key().id().startsWith(prefix))
                .filter(entry -> workers.isEmpty() || workers.contains(entry.workerName()))
                .sorted(Comparator.<FunctionDirectory.Entry>comparingInt(
                                entry -> search.rank(entry.key().id()))
                        .thenComparing(entry -> entry.key().id())
                        .thenComparing(entry -> entry.key().namespace()))
                .map(entry -> Rows.listedFunction(entry, namedFormats))
                .toList();
        return Json.object().set("functions", Json.array(rows));
    }
}
