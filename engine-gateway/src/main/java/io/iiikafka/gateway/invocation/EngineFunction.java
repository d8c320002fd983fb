package io.iiikafka.gateway.invocation;

import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/** A function that the gateway answers itself, from its own copy of the catalog. One class each. */
public interface EngineFunction {

    /** For example {@code engine::functions::list}. */
    String id();

    /** For people: one line. */
    String description();

    /** Must not block; a failed future is answered as an internal error. */
    Future<Outcome> call(Call call);
}
