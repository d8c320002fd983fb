package io.iiikafka.gateway.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.gateway.trigger.TriggerTypeView;
import io.iiikafka.gateway.trigger.Triggers;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** {@code engine::workers::info} (spec: protocol.md 6.5). */
final class WorkersInfo extends AnsweringFunction {

    private final WorkerDirectory workers;
    private final FunctionDirectory functions;
    private final Triggers triggers;
    private final Rows rows;

    WorkersInfo(WorkerDirectory workers, FunctionDirectory functions, Triggers triggers, Rows rows) {
        super("engine::workers::info", "Describes one worker with all that it registered");
        this.workers = workers;
        this.functions = functions;
        this.triggers = triggers;
        this.rows = rows;
    }

    @Override
    JsonNode answer(Input input, Call call) {
        WorkerDirectory.Entry entry = resolve(input.requiredText("name"), input.namespace("namespace"));
        List<FunctionDirectory.Entry> served = served(entry);
        Set<FunctionKey> keys = served.stream().map(FunctionDirectory.Entry::key).collect(Collectors.toSet());
        ObjectNode answer = Json.object();
        ObjectNode row = workers.row(entry);
        row.remove("functions");
        row.remove("latest_metrics");
        answer.set("worker", row);
        answer.set("functions", Json.array(served.stream().map(Rows::function).toList()));
        answer.set(
                "trigger_types",
                Json.array(triggers.types()
                        .filter(type -> provides(entry, type))
                        .sorted(Comparator.comparing(TriggerTypeView::id))
                        .map(Rows::triggerType)
                        .toList()));
        answer.set(
                "registered_triggers",
                Json.array(triggers.all().stream()
                        .filter(each -> each.state().live() && keys.contains(target(each)))
                        .sorted(Comparator.comparing(each -> each.trigger().entry().id()))
                        .map(rows::registeredTrigger)
                        .toList()));
        return answer;
    }

    private List<FunctionDirectory.Entry> served(WorkerDirectory.Entry entry) {
        CatalogEntry.Worker worker = entry.worker();
        if (worker == null) {
            return functions
                    .all()
                    .filter(function -> function.workerName().equals(entry.name()))
                    .sorted(Comparator.comparing(function -> function.key().id()))
                    .toList();
        }
        return workers.functionsOf(worker).stream()
                .flatMap(function -> functions.find(new FunctionKey(function.namespace(), function.id())).stream())
                .toList();
    }

    private static boolean provides(WorkerDirectory.Entry entry, TriggerTypeView type) {
        return entry.worker() == null
                ? type.provider() == null && type.owner().equals(entry.name())
                : entry.worker().id().equals(type.provider());
    }

    private static FunctionKey target(Triggers.Applied applied) {
        CatalogEntry.Trigger trigger = applied.trigger().entry();
        return new FunctionKey(trigger.namespace(), trigger.functionId());
    }

    private WorkerDirectory.Entry resolve(String name, @Nullable String namespace) {
        List<WorkerDirectory.Entry> named =
                workers.all().stream().filter(entry -> entry.name().equals(name)).toList();
        if (named.isEmpty()) {
            throw notFound("Worker '" + name + "' is not connected.");
        }
        String having = named.stream()
                .map(WorkerDirectory.Entry::namespace)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        boolean single = !having.contains(", ");
        String wanted = namespace != null ? namespace : single ? having : Call.DEFAULT_NAMESPACE;
        return named.stream()
                .filter(entry -> entry.namespace().equals(wanted))
                .findFirst()
                .orElseThrow(() -> notFound(
                        namespace != null
                                ? "Worker '" + name + "' is not connected in the requested namespace; it is connected"
                                        + " in namespace(s): " + having + "."
                                : "Worker '" + name + "' is ambiguous: it is connected in namespace(s): " + having
                                        + ". Pass `namespace` to disambiguate."));
    }

    private static Refusal notFound(String message) {
        return Refusal.of(ErrorCode.NOT_FOUND, message);
    }
}
