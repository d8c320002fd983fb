package io.iiikafka.gateway.invocation;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** A function that the gateway answers itself, from its own copy of the catalog. One class each. */
public interface EngineFunction {

    RawJson ANY_OBJECT =
            RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}");

    /** For example {@code engine::functions::list}. */
    String id();

    /** For people: one line. */
    String description();

    /** Who serves it, as lists show it. */
    default String workerName() {
        return "iii-engine-functions";
    }

    /** JSON Schema of its payload. */
    default RawJson requestFormat() {
        return ANY_OBJECT;
    }

    /** Shown beside it; null: none. */
    default @Nullable RawJson metadata() {
        return null;
    }

    /** Must not block; a failed future is answered as an internal error. */
    Future<Outcome> call(Call call);
}
