package io.iiikafka.gateway.state;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.gateway.invocation.Invoker;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::lineage}: {@code {"scope","key","depth"?}} → {@code {"chain":[…]}}: the last change of a key, the change that
 * made the trigger fire in whose handler it was made, and so on back to the first (spec: state.md 12.5). Each is asked of
 * the partition that holds its scope. The chain ends where the history does.
 */
final class StateLineage implements EngineFunction {

    private static final RawJson REQUEST = RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
            + "\"type\":\"object\",\"properties\":{\"scope\":{\"type\":\"string\"},\"key\":{\"type\":\"string\"},"
            + "\"depth\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":20}},"
            + "\"required\":[\"scope\",\"key\"]}");

    private final Invoker invoker;

    StateLineage(Invoker invoker) {
        this.invoker = invoker;
    }

    @Override
    public String id() {
        return "state::lineage";
    }

    @Override
    public String workerName() {
        return "iii-state";
    }

    @Override
    public String description() {
        return "Tell which changes led to the last one of a key";
    }

    @Override
    public RawJson requestFormat() {
        return REQUEST;
    }

    @Override
    public Future<Outcome> call(Call call) {
        try {
            Input input = Input.of(call);
            long depth = input.integer("depth", 1, 100, 20);
            return follow(call, input.text("scope"), input.text("key"), null, depth, new ArrayList<>());
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
    }

    /**
     * @param eventId of the change that is wanted; null: the last
     */
    private Future<Outcome> follow(
            Call call, String scope, String key, @Nullable String eventId, long depth, List<RawJson> chain) {
        return invoker.invoke(history(call, scope, key, eventId == null ? 1 : 1_000)).compose(outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                return Future.succeededFuture(chain.isEmpty() ? failure : answer(chain));
            }
            JsonNode change = find(((Outcome.Success) outcome).value(), eventId);
            if (change == null) {
                return Future.succeededFuture(answer(chain));
            }
            chain.add(RawJson.ofValue(change));
            JsonNode cause = change.path("cause");
            boolean ends = chain.size() >= depth || !cause.has("scope") || !cause.has("key");
            return ends
                    ? Future.succeededFuture(answer(chain))
                    : follow(
                            call,
                            cause.path("scope").textValue(),
                            cause.path("key").textValue(),
                            cause.path("event_id").asText(),
                            depth,
                            chain);
        });
    }

    private static @Nullable JsonNode find(@Nullable RawJson history, @Nullable String eventId) {
        if (history != null) {
            for (JsonNode change : history.toTree().path("entries")) {
                if (eventId == null || eventId.equals(change.path("event_id").textValue())) {
                    return change;
                }
            }
        }
        return null;
    }

    private static Outcome answer(List<RawJson> chain) {
        JsonBuilder list = JsonBuilder.array();
        chain.forEach(list::element);
        return new Outcome.Success(JsonBuilder.object().member("chain", list.build()).build());
    }

    private static Call history(Call call, String scope, String key, int limit) {
        return new Call(
                UUID.randomUUID().toString(),
                "state::history",
                Call.DEFAULT_NAMESPACE,
                JsonBuilder.object()
                        .member("scope", scope)
                        .member("key", key)
                        .member("limit", limit)
                        .build(),
                null,
                true,
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
    }
}
