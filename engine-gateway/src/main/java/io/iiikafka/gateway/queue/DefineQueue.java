package io.iiikafka.gateway.queue;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * {@code queue::define}: {@code {"queue":"turns","config":{"type":"fifo","message_group_field":"session_id"}}} gives
 * {@code {"queue":"turns","changed":true}} (spec: queue.md 4.9). It is answered when the definition is kept; a queue that
 * stands in the configuration file is as configured there again after the next start.
 */
final class DefineQueue implements EngineFunction {

    private static final Set<String> KEYS = Set.of("queue", "config", "_caller_worker_id");

    private final NamedQueues queues;
    private final ShareQueues shares;

    DefineQueue(NamedQueues queues, ShareQueues shares) {
        this.queues = queues;
        this.shares = shares;
    }

    @Override
    public String id() {
        return "queue::define";
    }

    @Override
    public String workerName() {
        return QueueParts.WORKER_NAME;
    }

    @Override
    public String description() {
        return "Define a named queue, or change it";
    }

    @Override
    public RawJson requestFormat() {
        JsonBuilder keys = JsonBuilder.object();
        QueueDefinition.keys().forEach(key -> keys.member(key, RawJson.EMPTY_OBJECT));
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\","
                + "\"additionalProperties\":false,\"properties\":{\"queue\":{\"type\":\"string\"},"
                + "\"config\":{\"type\":\"object\",\"additionalProperties\":false,\"properties\":" + keys.build()
                + "}},\"required\":[\"queue\",\"config\"]}");
    }

    @Override
    public Future<Outcome> call(Call call) {
        String name;
        QueueSettings settings;
        try {
            Input input = Input.of(call);
            requireKnown(input, call.data());
            name = name(input);
            RawJson config = input.require("config");
            if (!config.isObject()) {
                throw input.misfit("invalid type for `config`: expected an object");
            }
            settings = settings(input, name, config.toTree());
        } catch (Refusal refusal) {
            return Future.succeededFuture(refusal.outcome());
        }
        return shares.admit(name, settings)
                .compose(admitted -> queues.define(name, admitted))
                .compose(changed -> shares.opened(name).map(changed))
                .map(changed -> (Outcome) new Outcome.Success(JsonBuilder.object()
                        .member("queue", name)
                        .member("changed", changed)
                        .build()))
                .otherwise(failure -> Outcome.failure(
                        ErrorCode.ENGINE_UNAVAILABLE,
                        "Kafka did not take the definition of queue '" + name + "': " + failure.getMessage()));
    }

    private static void requireKnown(Input input, @Nullable RawJson data) {
        if (data != null) {
            data.forEachMember((member, value) -> {
                if (!KEYS.contains(member)) {
                    throw input.misfit("unknown field `" + member + "`, expected `queue` or `config`");
                }
            });
        }
    }

    private static String name(Input input) {
        String name = input.find("queue") == null ? "" : input.text("queue");
        if (name.isBlank()) {
            throw new Refusal(ErrorCode.INVALID_QUEUE, "queue name is required");
        }
        if (!name.strip().equals(name)) {
            throw new Refusal(ErrorCode.INVALID_QUEUE, "queue name must not have leading or trailing whitespace");
        }
        return name;
    }

    private static QueueSettings settings(Input input, String name, JsonNode config) {
        Set<String> known = QueueDefinition.keys();
        for (String key : (Iterable<String>) config::fieldNames) {
            if (!known.contains(key)) {
                throw input.misfit("unknown field `config." + key + "`, expected one of " + String.join(", ", known));
            }
        }
        try {
            return QueueDefinition.read(QueueSource.FUNCTION, name, config);
        } catch (InvalidQueueException e) {
            throw new Refusal(ErrorCode.INVALID_QUEUE, String.valueOf(e.getMessage()));
        }
    }
}
