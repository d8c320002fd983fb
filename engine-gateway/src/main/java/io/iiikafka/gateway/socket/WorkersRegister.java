package io.iiikafka.gateway.socket;

import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * {@code engine::workers::register}, by which a worker announces itself (spec: protocol.md 2.3). Several live connections
 * of one name are replicas of one worker, so no name is ever refused.
 */
public final class WorkersRegister implements EngineFunction {

    private static final Outcome SUCCESS = new Outcome.Success(RawJson.of("{\"success\":true}"));

    private final Connections connections;
    private final int largest;

    /** @param largest in bytes: the catalog keeps what is announced */
    public WorkersRegister(Connections connections, int largest) {
        this.largest = largest;
        this.connections = connections;
    }

    @Override
    public String id() {
        return "engine::workers::register";
    }

    @Override
    public String description() {
        return "Announces the calling worker: its name, runtime, namespace";
    }

    @Override
    public Future<Outcome> call(Call call) {
        WorkerConnection connection = connections.get(call.callerWorkerId());
        RawJson data = call.data();
        if (connection == null || data == null || !data.isObject()) {
            return refused(
                    ErrorCode.DESERIALIZATION_ERROR,
                    "Failed to deserialize input for " + id() + ": missing field `_caller_worker_id`");
        }
        Outcome tooLarge = PayloadLimit.ofRegistration(call, largest);
        if (tooLarge != null) {
            return Future.succeededFuture(tooLarge);
        }
        Announcement said = Announcement.of(data.toTree());
        if (said.namespace() != null && said.namespace().isBlank()) {
            String name = said.name() == null ? "<unnamed>" : said.name();
            return refused(
                    ErrorCode.INVALID_NAMESPACE,
                    "namespace is empty: worker '" + name + "' declared \"" + said.namespace()
                            + "\". Give it a name, or omit the field to register in 'default'.");
        }
        return connection.announce(said).map(SUCCESS);
    }

    private static Future<Outcome> refused(ErrorCode code, String message) {
        return Future.succeededFuture(Outcome.failure(code, message));
    }
}
