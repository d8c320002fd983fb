package io.iiikafka.topology.keeper.state;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.update.JsonTree;
import org.jspecify.annotations.Nullable;

/**
 * {@code state::barrier}: lets the arrival through that completes a set, with what all have brought (spec: state.md 7.4).
 * The arrivals stand in the scope {@code state_barrier} as {@code {"arrived":{"<name>":<carried>,…},"complete":false}}.
 */
final class StateBarrier extends StateFunction {

    private static final String SCOPE = "state_barrier";
    private static final String ARRIVED = "arrived";
    private static final String COMPLETE = "complete";

    StateBarrier(Partitioning partitioning) {
        super("state::barrier", "Wait until all of a set have arrived", partitioning);
    }

    @Override
    Placement placement(Input input, Partitioning partitions) {
        return new Placement.Owner(partitions.owner(key(config(input))));
    }

    private static JsonNode config(Input input) {
        RawJson config = input.find("condition_config");
        if (config == null || !config.isObject()) {
            throw new Refusal(ErrorCode.BARRIER_CONFIG, "BARRIER_CONFIG: condition_config is missing");
        }
        return JsonTree.read(config);
    }

    private static StateKey key(JsonNode config) {
        JsonNode id = config.path("id");
        if (!id.isTextual()) {
            throw refusal("condition_config.id must be a string");
        }
        return new StateKey(SCOPE, id.textValue());
    }

    private static Refusal refusal(String what) {
        return new Refusal(ErrorCode.BARRIER_ERROR, "BARRIER_ERROR: " + what);
    }

    @Override
    Outcome decide(Input input, Command command, StateDraft draft) {
        JsonNode config = config(input);
        StateKey key = key(config);
        BarrierSet expected = BarrierSet.of(config.path("expect"));
        JsonNode event = input.find("event") == null
                ? JsonNodeFactory.instance.nullNode()
                : JsonTree.read(input.find("event"));
        String name = name(event, config);
        StateEntry stored = draft.get(key);
        ObjectNode barrier = stored == null ? JsonNodeFactory.instance.objectNode() : barrier(stored.value());
        if (barrier.path(COMPLETE).asBoolean()) {
            return skip("the barrier is complete already");
        }
        if (!expected.has(name)) {
            return skip("'" + name + "' is not expected");
        }
        ObjectNode arrived = barrier.withObject(JsonPointer.compile("/" + ARRIVED));
        JsonNode carried = at(event, config, "carry", "");
        arrived.set(name, carried.isMissingNode() ? JsonNodeFactory.instance.nullNode() : carried);
        boolean complete = arrived.size() == expected.size();
        barrier.put(COMPLETE, complete);
        draft.putSilently(key, JsonTree.write(barrier));
        return complete ? allow(arrived) : skip(arrived.size() + " of " + expected.size() + " have arrived");
    }

    private static ObjectNode barrier(RawJson stored) {
        JsonNode read = JsonTree.read(stored);
        if (read instanceof ObjectNode barrier && barrier.path(ARRIVED).isObject()) {
            return barrier;
        }
        throw refusal("what is stored for the barrier is none");
    }

    private static String name(JsonNode event, JsonNode config) {
        JsonNode name = at(event, config, "key_from", "/key");
        if (name.isMissingNode()) {
            throw refusal("the event has no arrival name at " + config.path("key_from").asText("/key"));
        }
        return name.isTextual() ? name.textValue() : JsonTree.write(name).toString();
    }

    /** What the pointer in the config's member finds in the event. */
    private static JsonNode at(JsonNode event, JsonNode config, String member, String fallback) {
        JsonNode pointer = config.path(member);
        if (!pointer.isMissingNode() && !pointer.isNull() && !pointer.isTextual()) {
            throw refusal("condition_config." + member + " must be a JSON pointer");
        }
        try {
            return event.at(pointer.isTextual() ? pointer.textValue() : fallback);
        } catch (IllegalArgumentException e) {
            throw refusal("condition_config." + member + " is no JSON pointer: " + pointer.textValue());
        }
    }

    private static Outcome skip(String reason) {
        return new Outcome.Success(
                JsonBuilder.object().member("decision", "skip").member("reason", reason).build());
    }

    private static Outcome allow(ObjectNode arrived) {
        RawJson payload = JsonBuilder.object().member("results", JsonTree.write(arrived)).build();
        return new Outcome.Success(JsonBuilder.object()
                .member("decision", "allow")
                .member("payload", payload)
                .member("reason", "all " + arrived.size() + " have arrived")
                .build());
    }

    @Override
    public RawJson requestFormat() {
        return StateSchemas.BARRIER_REQUEST;
    }

    @Override
    public @Nullable RawJson responseFormat() {
        return StateSchemas.BARRIER;
    }
}
