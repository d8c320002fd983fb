package io.iiikafka.gateway.stream;

import static java.util.Objects.requireNonNull;

import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.provided.ProvidedStreams;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.keeper.stream.StreamRoom;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** What gateways ask of the keeper, which owns the groups, and of workers that keep streams. */
final class GroupCalls {

    private static final long PATIENCE_MS = 10_000;
    private static final int PAGE_BYTES = 256 * 1024;

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
        join(connection, subscription, context, null, "error", snapshot, handler);
    }

    /**
     * Subscribes, and asks where in the log to begin.
     *
     * @param from null: behind what is there now
     */
    void join(
            String connection,
            Subscription subscription,
            @Nullable RawJson context,
            @Nullable RawJson from,
            String onGap,
            boolean snapshot,
            Consumer<Outcome> handler) {
        JsonBuilder filters = JsonBuilder.array();
        subscription.filter().texts().forEach(filters::element);
        JsonBuilder request = names(connection, subscription)
                .member("item_id", subscription.item())
                .member("filters", filters.build())
                .member("context", context)
                .member("snapshot", snapshot)
                .member("again", !subscription.askFirst());
        RawJson data = from == null
                ? request.build()
                : request.member("from", from).member("on_gap", onGap).build();
        SyncPages pages = new SyncPages(
                (cursor, close, came) -> next(subscription.view().group(), cursor, close, came), room.answerBytes(), handler);
        invoker.command(room.part(StreamRoom.JOIN), call(StreamRoom.JOIN, data), pages::begin);
    }

    private void next(GroupId group, String cursor, boolean close, Consumer<Outcome> handler) {
        RawJson data = JsonBuilder.object()
                .member("stream_name", group.stream())
                .member("group_id", group.group())
                .member("cursor", cursor)
                .member("close", close)
                .build();
        invoker.command(room.part(StreamRoom.NEXT), call(StreamRoom.NEXT, data), handler::accept);
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

    /** For a subscription that consumes. */
    ConsumerCalls consumer(String connection, Subscription subscription, ConsumerOptions options) {
        String member = gateway + "/" + connection + "/" + subscription.id();
        return new ConsumerCalls(invoker, subscription, options, member);
    }

    /** Some events of the log, as {@code stream::read} answers; the handler is told on any thread. */
    void page(
            GroupId group,
            long from,
            int most,
            @Nullable String item,
            Set<String> types,
            Consumer<Outcome> handler) {
        JsonBuilder wanted = JsonBuilder.array();
        types.forEach(wanted::element);
        RawJson data = JsonBuilder.object()
                .member("stream_name", group.stream())
                .member("group_id", group.group())
                .member("item_id", item)
                .member("types", wanted.build())
                .member("from", JsonBuilder.object().member("offset", from).build())
                .member("on_gap", "earliest")
                .member("limit", most)
                .member("max_bytes", PAGE_BYTES)
                .build();
        KeeperFunction read = requireNonNull(invoker.keeperFunction(Call.DEFAULT_NAMESPACE, StreamRoom.READ));
        invoker.command(read, call(StreamRoom.READ, data), handler::accept);
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
