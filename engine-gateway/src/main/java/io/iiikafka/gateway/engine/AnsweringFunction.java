package io.iiikafka.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** An engine function that answers at once, from what this gateway knows. */
abstract class AnsweringFunction implements EngineFunction {

    private final String id;
    private final String description;

    AnsweringFunction(String id, String description) {
        this.id = id;
        this.description = description;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public Future<Outcome> call(Call call) {
        try {
            JsonNode answer = answer(Input.of(call), call);
            return Future.succeededFuture(
                    answer == null ? Outcome.NO_VALUE : new Outcome.Success(RawJson.ofValue(answer)));
        } catch (Refusal refusal) {
            return Future.succeededFuture(new Outcome.Failure(refusal.error()));
        }
    }

    /** The answer, or null for no value; throws {@link Refusal}. */
    abstract @Nullable JsonNode answer(Input input, Call call);
}
