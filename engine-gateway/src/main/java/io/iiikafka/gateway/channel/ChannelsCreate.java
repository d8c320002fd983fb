package io.iiikafka.gateway.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.iiikafka.gateway.invocation.EngineFunction;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;

/**
 * {@code engine::channels::create} (spec: protocol.md 8.1): {@code {"buffer_size":64}} gives
 * {@code {"writer":{…ref…},"reader":{…ref…}}}. Beyond the spec each ref opens its own end only.
 */
public final class ChannelsCreate implements EngineFunction {

    private static final int DEFAULT_FRAMES = 64;
    private static final int MOST_FRAMES = 1024;

    private final ChannelRegistry registry;

    public ChannelsCreate(ChannelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public String id() {
        return "engine::channels::create";
    }

    @Override
    public String description() {
        return "Creates a channel between two workers";
    }

    @Override
    public Future<Outcome> call(Call call) {
        JsonNode input = call.data() == null ? NullNode.instance : call.data().toTree();
        JsonNode size = input.path("buffer_size");
        boolean absent = size.isMissingNode() || size.isNull();
        if (!input.isObject() && !input.isNull()) {
            return misfit("expected an object");
        }
        if (!absent && (!size.isIntegralNumber() || size.bigIntegerValue().signum() < 0)) {
            return misfit("`buffer_size` must be a whole number, 0 or more");
        }
        long frames = absent ? DEFAULT_FRAMES : size.canConvertToInt() ? size.intValue() : MOST_FRAMES;
        int bounded = Math.clamp(frames, 1, MOST_FRAMES);
        return Future.succeededFuture(created(registry.create(bounded, call.callerWorkerId())));
    }

    private static Outcome created(Channel channel) {
        return new Outcome.Success(
                RawJson.of("{\"writer\":" + channel.writerRef() + ",\"reader\":" + channel.readerRef() + "}"));
    }

    private Future<Outcome> misfit(String detail) {
        return Future.succeededFuture(Outcome.failure(
                ErrorCode.DESERIALIZATION_ERROR, "Failed to deserialize input for " + id() + ": " + detail));
    }
}
