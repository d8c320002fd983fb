package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.record.Call;

/**
 * Who makes a call, as records of changes name them: {@code {"worker_id","worker_name","namespace","function_id"}}, each
 * when it is known; {@code function_id} is the function in whose invocation it was made (spec: state.md 12.5, stream.md
 * 13.1).
 */
public final class Actor {

    private Actor() {}

    public static RawJson of(Call call, Catalog catalog) {
        JsonBuilder actor = JsonBuilder.object();
        String id = call.callerWorkerId();
        if (id != null) {
            actor.member("worker_id", id);
            CatalogEntry.Worker worker = catalog.worker(id);
            if (worker != null) {
                actor.member("worker_name", worker.name());
                actor.member("namespace", worker.namespace());
            }
        }
        String function = Cause.functionIn(call.baggage());
        if (function != null) {
            actor.member("function_id", function);
        }
        return actor.build();
    }
}
