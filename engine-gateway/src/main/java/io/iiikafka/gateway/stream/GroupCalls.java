package io.iiikafka.gateway.stream;

import java.util.UUID;
import java.util.function.Consumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.provided.ProvidedStreams;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** What gateways ask of the keeper, which owns the groups, and of workers that keep streams. */
final class GroupCalls {

    private static final long PATIENCE_MS = 10_000;

    private final String gateway;
    private final EngineInvoker invoker;
    private final StreamRoom room;
    private final ProvidedStreams provided;

    GroupCalls(String gateway, EngineInvoker invoker, StreamRoom room, ProvidedStreams provided) {
        this.gateway = gateway;
        this.invoker = invoker;
        this.room = room;
        this.provided = provided;
    }

    /** Whether a worker keeps the stream, so that the keeper has no snapshot of it. */
    boolean isProvided(GroupId group) {
        return provided.keeps(group.stream());
    }

    /** Subscribes, and asks what is there now; the handler is told on any thread. */
    void join(
            String connection,
            Subscription subscription,
            @Nullable RawJson context,
            boolean snapshot,
            Consumer<Outcome> handler) {
        RawJson data = names(connection, subscription)
                .member("item_id", subscription.item())
                .member("context", context)
                .member("snapshot", snapshot)
                .build();
        invoker.command(room.part(StreamRoom.JOIN), call(StreamRoom.JOIN, data), handler::accept);
    }

    /** As the keeper answers in the order in which it is asked, a join after it is a new one. */
    void leave(String connection, Subscription subscription) {
        RawJson data = names(connection, subscription).build();
        invoker.command(room.part(StreamRoom.LEAVE), call(StreamRoom.LEAVE, data), left -> {});
    }

    private JsonBuilder names(String connection, Subscription subscription) {
        GroupId group = subscription.view().group();
        return JsonBuilder.object()
                .member("stream_name", group.stream())
                .member("group_id", group.group())
                .member("gateway", gateway)
                .member("connection", connection)
                .member("subscription_id", subscription.id());
    }

    /** What a worker that keeps the stream says is there. */
    void read(GroupId group, @Nullable String item, Consumer<Outcome> handler) {
        JsonBuilder names = JsonBuilder.object()
                .member("stream_name", group.stream())
                .member("group_id", group.group());
        String function = item == null ? "stream::list" : "stream::get";
        RawJson data = item == null ? names.build() : names.member("item_id", item).build();
        invoker.invoke(
                call(function, data, System.currentTimeMillis() + 4 * PATIENCE_MS), handler::accept);
    }

    /** Ends what a gateway left behind that is gone. */
    void depart(String departed) {
        RawJson data = JsonBuilder.object().member("gateway", departed).build();
        invoker.command(room.part(StreamRoom.DEPART), call(StreamRoom.DEPART, data), done -> {});
    }

    private static Call call(String function, RawJson data) {
        return call(function, data, System.currentTimeMillis() + PATIENCE_MS);
    }

    private static Call call(String function, RawJson data, long deadlineMs) {
        return new Call(
                UUID.randomUUID().toString(),
                function,
                Call.DEFAULT_NAMESPACE,
                data,
                null,
                true,
                null,
                null,
                null,
                deadlineMs);
    }
}
