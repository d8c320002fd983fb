package io.iiikafka.gateway.engine;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.topology.record.Call;

/** {@code engine::workers::list} (spec: protocol.md 6.4, 13.3). */
final class WorkersList extends AnsweringFunction {

    private final WorkerDirectory workers;

    WorkersList(WorkerDirectory workers) {
        super("engine::workers::list", "Lists connected workers and the engine's own parts");
        this.workers = workers;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        Search search = Search.of(input.text("search"));
        String runtime = input.text("runtime");
        String status = input.text("status");
        String id = input.text("worker_id");
        List<ObjectNode> rows = workers.all().stream()
                .filter(entry -> search.finds(entry.name()))
                .filter(entry -> runtime == null || runtime.equals(entry.runtime()))
                .filter(entry -> status == null || status.equals(entry.status()))
                .filter(entry -> id == null || id.equals(entry.id()))
                .map(workers::row)
                .toList();
        ObjectNode answer = Json.object();
        answer.set("workers", Json.array(rows));
        answer.put("timestamp", System.currentTimeMillis());
        return answer;
    }
}
