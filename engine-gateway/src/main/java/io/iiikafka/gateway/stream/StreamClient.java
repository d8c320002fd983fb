package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.gateway.invocation.ReaderThread;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream socket: its subscriptions, and the order of what it says and hears (spec: stream.md 5.3 to 5.6).
 *
 * <p>Used on the socket's event loop, except where a method says otherwise.
 */
final class StreamClient {

    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);
    private static final long RETRY_MS = 1_000;
    /** What the keeper answers when it had ended the subscription. */
    static final String FORGOTTEN = "forgotten";

    private static final RawJson ZERO = RawJson.of("0");

    private final StreamServices services;
    private final StreamSocket socket;
    private final String name;
    private final @Nullable RawJson context;
    private final Outbox outbox;
    private final SyncQueue syncs;
    private final Map<GroupId, GroupView> views = new HashMap<>();
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private Future<Void> handled = Future.succeededFuture();
    private @Nullable Future<Void> ended;

    /** @param context what the auth function gave, or null */
    StreamClient(StreamServices services, StreamSocket socket, @Nullable RawJson context) {
        this.services = services;
        this.socket = socket;
        this.name = services.clients().nextName();
        this.context = context;
        this.outbox = new Outbox(
                socket, services.settings().maxQueued(), services.metrics(), this::drained);
        this.syncs = new SyncQueue(this, services.permits());
    }

    /** Runs on the event loop; may be called from any thread. */
    void execute(Runnable task) {
        ReaderThread.execute(socket.eventLoop(), task);
    }

    EventExecutor eventLoop() {
        return socket.eventLoop();
    }

    GroupCalls calls() {
        return services.calls();
    }

    Vertx vertx() {
        return services.vertx();
    }

    /** What the keeper knows this socket by. */
    String name() {
        return name;
    }

    @Nullable RawJson context() {
        return context;
    }

    Outbox outbox() {
        return outbox;
    }

    SyncQueue syncs() {
        return syncs;
    }

    StreamSocket socket() {
        return socket;
    }

    /** Handles a message after those before it; done when it has been. */
    Future<Void> handle(ClientMessage message) {
        handled = handled.compose(before -> ended != null ? Future.succeededFuture() : switch (message) {
                    case ClientMessage.Join join -> join(join).mapEmpty();
                    case ClientMessage.Leave leave -> leave(leave);
                    case ClientMessage.Settle settle -> {
                        if (subscriptions.get(settle.subscription()) instanceof ConsumerSubscription consumer) {
                            consumer.settle(settle);
                        }
                        yield Future.<Void>succeededFuture();
                    }
                    case ClientMessage.Misfit misfit -> {
                        refuse(misfit.subscription(), misfit.group(), misfit.item(), "BAD_REQUEST", misfit.problem());
                        yield Future.<Void>succeededFuture();
                    }
                })
                .otherwise(failure -> {
                    LOG.error("A message of a stream socket could not be handled", failure);
                    return null;
                });
        return handled;
    }

    private void refuse(String subscription, GroupId group, @Nullable String item, String code, String why) {
        outbox.answer(Frame.extended(Frame.error(group, item, code, why), subscription, null, false));
    }

    /** Whether the join was admitted. */
    Future<Boolean> join(ClientMessage.Join join) {
        int most = services.settings().maxSubscriptions();
        if (subscriptions.size() >= most && !subscriptions.containsKey(join.subscription())) {
            outbox.answer(Frame.error(
                    join.group(),
                    join.item(),
                    "TOO_MANY_SUBSCRIPTIONS",
                    "This connection has " + most + " subscriptions, its limit; leave some first."));
            return Future.succeededFuture(false);
        }
        ConsumerOptions consumer = join.options() == null ? null : join.options().consumer();
        if (consumer != null && !mayConsume(join.group().stream())) {
            forbid(join, "Anybody could take events from consumer group '" + consumer.group()
                    + "': register a stream:join trigger, or set auth_required or allow_anonymous_consumers.");
            return Future.succeededFuture(false);
        }
        return services.triggers()
                .admits(join.subscription(), join.group(), join.item(), consumer == null ? null : consumer.group(), context)
                .map(admittance -> {
                    if (ended == null && !admittance.admitted()) {
                        outbox.answer(Frame.unauthorized(join.group(), join.item()));
                    } else if (ended == null && consumer != null && !admittance.filter().isOpen()) {
                        forbid(join, "A join trigger gave a filter, which a consumer group cannot have.");
                        return false;
                    } else if (ended == null) {
                        subscribe(join, admittance.filter());
                    }
                    return admittance.admitted();
                });
    }

    private boolean mayConsume(String stream) {
        return services.settings().authRequired()
                || services.settings().allowAnonymousConsumers()
                || services.triggers().guards(stream);
    }

    private void forbid(ClientMessage.Join join, String why) {
        refuse(join.subscription(), join.group(), join.item(), ErrorCode.FORBIDDEN.code(), why);
    }

    private void subscribe(ClientMessage.Join join, JoinFilter filter) {
        GroupView view = views.computeIfAbsent(join.group(), group -> {
            services.feeds().add(group, this);
            return new GroupView(group, services.settings().maxQueued(), this::send);
        });
        Subscription subscription = make(join, view);
        subscription.restrict(filter);
        Subscription before = subscriptions.put(join.subscription(), subscription);
        view.add(subscription);
        if (before == null) {
            services.metrics().subscribed(1);
        } else if (before.view() != view) {
            services.calls().leave(name, before);
            drop(before);
        } else {
            giveBack(before);
        }
        switch (subscription) {
            case LiveSubscription live -> sync(live);
            case LogSubscription log -> log.begin();
            case ConsumerSubscription consumer -> consumer.begin();
        }
    }

    private Subscription make(ClientMessage.Join join, GroupView view) {
        JoinOptions options = join.options();
        if (options == null) {
            return new LiveSubscription(join.subscription(), view, join.item());
        }
        return options.consumer() == null
                ? new LogSubscription(
                        join.subscription(), view, join.item(), options, this, services.settings().maxQueued())
                : new ConsumerSubscription(join.subscription(), view, join.item(), options.consumer(), this);
    }

    private static void giveBack(Subscription subscription) {
        if (subscription instanceof ConsumerSubscription consumer) {
            consumer.end();
        }
    }

    private void send(Frame frame) {
        GroupView view = views.get(frame.group());
        if (view != null) {
            outbox.frame(view, frame);
        }
    }

    private Future<Void> leave(ClientMessage.Leave leave) {
        Subscription left = subscriptions.get(leave.subscription());
        if (left != null) {
            left.leaving();
        }
        return services.triggers()
                .left(leave.subscription(), leave.group(), leave.item(), context)
                .onSuccess(done -> {
                    Subscription subscription = ended == null ? subscriptions.remove(leave.subscription()) : null;
                    if (subscription != null) {
                        services.calls().leave(name, subscription);
                        services.metrics().subscribed(-1);
                        drop(subscription);
                    }
                });
    }

    static boolean isForgotten(@Nullable RawJson answer) {
        boolean[] found = new boolean[1];
        if (answer != null) {
            answer.forEachMember((name, value) -> found[0] |= name.equals(FORGOTTEN));
        }
        return found[0];
    }

    /**
     * The keeper knows of the subscription.
     *
     * @param again it had ended it, and had said so to leave triggers: join triggers decide anew
     */
    void established(Subscription subscription, boolean again) {
        subscription.establish();
        if (again) {
            String consumer = subscription instanceof ConsumerSubscription member ? member.consumerGroup() : null;
            services.triggers()
                    .admits(subscription.id(), subscription.view().group(), subscription.item(), consumer, context)
                    .onSuccess(admittance -> {
                        if (!isCurrent(subscription)) {
                            return;
                        }
                        subscription.restrict(admittance.filter());
                        if (!admittance.admitted()) {
                            outbox.answer(Frame.unauthorized(subscription.view().group(), subscription.item()));
                            expel(subscription, false);
                        }
                    });
        }
    }

    /**
     * Ends a subscription that cannot be served.
     *
     * @param joined whether it ever was
     */
    void expel(Subscription subscription, boolean joined) {
        subscriptions.remove(subscription.id());
        services.calls().leave(name, subscription);
        services.metrics().subscribed(-1);
        drop(subscription);
        if (joined && !subscription.isLeaving()) {
            services.triggers().left(subscription.id(), subscription.view().group(), subscription.item(), context);
        }
    }

    private void drop(Subscription subscription) {
        giveBack(subscription);
        GroupView view = subscription.view();
        view.remove(subscription);
        if (view.isEmpty()) {
            views.remove(view.group());
            services.feeds().remove(view.group(), this);
        }
    }

    /** Asks for what is there now; what comes meanwhile is held back. */
    private void sync(LiveSubscription subscription) {
        sync(subscription, true);
    }

    /** @param snapshot false: the subscription goes on without, because it would be too long */
    private void sync(LiveSubscription subscription, boolean snapshot) {
        boolean provided = snapshot && services.calls().isProvided(subscription.view().group());
        syncs.add(
                () -> isCurrent(subscription),
                came -> services.calls().join(name, subscription, context, snapshot && !provided, came),
                outcome -> joined(subscription, provided, outcome));
    }

    /** Whether nothing has taken its place. */
    boolean isCurrent(Subscription subscription) {
        return ended == null && subscriptions.get(subscription.id()) == subscription;
    }

    private void joined(LiveSubscription subscription, boolean provided, Outcome outcome) {
        switch (outcome) {
            case Outcome.Success success -> {
                Map<String, RawJson> answer = new HashMap<>();
                if (success.value() != null) {
                    success.value().forEachMember(answer::put);
                }
                established(subscription, answer.containsKey(FORGOTTEN));
                long timestamp = Long.parseLong(answer.getOrDefault("timestamp", ZERO).toString());
                if (provided) {
                    read(subscription, timestamp);
                } else {
                    synced(subscription, timestamp, answer.get("data"));
                }
            }
            case Outcome.Failure failure -> {
                if (failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code())) {
                    String why = failure.error().message();
                    outbox.answer(Frame.error(
                            subscription.view().group(), subscription.item(), Frame.code(failure.error()), why));
                    sync(subscription, false);
                    return;
                }
                LOG.atWarn()
                        .addKeyValue("stream", subscription.view().group().stream())
                        .addKeyValue("code", failure.error().code())
                        .log("A stream socket waits for its sync: {}", failure.error().message());
                services.vertx().setTimer(RETRY_MS, timer -> execute(() -> {
                    if (isCurrent(subscription)) {
                        sync(subscription);
                    }
                }));
            }
        }
    }

    private void read(LiveSubscription subscription, long timestamp) {
        services.calls().read(subscription.view().group(), subscription.item(), outcome -> execute(() -> {
            if (isCurrent(subscription)) {
                switch (outcome) {
                    case Outcome.Success success ->
                        synced(subscription, timestamp, subscription.filter().sift(
                                success.value() == null ? RawJson.NULL : success.value(),
                                subscription.view().group(),
                                subscription.item()));
                    case Outcome.Failure failure -> synced(subscription, timestamp, null);
                }
            }
        }));
    }

    /** @param data null: it could not be read, so no sync is sent */
    private void synced(LiveSubscription subscription, long timestamp, @Nullable RawJson data) {
        GroupView view = subscription.view();
        view.synced(subscription, timestamp, () -> {
            if (data != null) {
                outbox.sync(view, Frame.sync(timestamp, view.group(), subscription.item(), data));
            }
        });
        refreshStale();
    }

    /** Takes what happened in a group that this client listens to. */
    void offer(Frame frame) {
        GroupView view = views.get(frame.group());
        if (view != null) {
            view.offer(frame);
        }
    }

    /** Something of the group was lost on the way here: only a fresh sync can make that good. */
    void missed(GroupId group) {
        GroupView view = views.get(group);
        if (view != null) {
            refresh(view);
        }
    }

    /** All subscriptions are made anew: the keeper may have been told that this gateway is gone. */
    void rejoin() {
        for (GroupView view : List.copyOf(views.values())) {
            refresh(view);
            view.logs().forEach(LogSubscription::rejoin);
            view.consumers().forEach(ConsumerSubscription::begin);
        }
    }

    private void drained() {
        syncs.drained();
        refreshStale();
    }

    private void refreshStale() {
        if (ended == null && outbox.isEmpty()) {
            for (GroupView view : waiting()) {
                if (view.isStale()) {
                    refresh(view);
                }
                view.logs().forEach(LogSubscription::resume);
                view.consumers().forEach(ConsumerSubscription::consume);
            }
        }
    }

    private List<GroupView> waiting() {
        for (GroupView view : views.values()) {
            if (view.waitsForRoom()) {
                return List.copyOf(views.values());
            }
        }
        return List.of();
    }

    private void refresh(GroupView view) {
        view.stale(false);
        services.metrics().resynced(view.group().stream());
        for (LiveSubscription subscription : view.live()) {
            if (!subscription.syncing()) {
                subscription.awaitSync();
                sync(subscription);
            }
        }
    }

    /** The socket is closed, or about to be: every subscription left is ended. Done when leave triggers have been called. */
    Future<Void> end() {
        if (ended == null) {
            services.clients().remove(this);
            services.metrics().disconnected();
            services.metrics().subscribed(-subscriptions.size());
            views.keySet().forEach(group -> services.feeds().remove(group, this));
            List<Future<Void>> leaves = new ArrayList<>();
            ended = Future.succeededFuture();
            syncs.end();
            for (Subscription subscription : subscriptions.values()) {
                services.calls().leave(name, subscription);
                giveBack(subscription);
                if (!subscription.isLeaving()) {
                    leaves.add(services.triggers().left(
                            subscription.id(), subscription.view().group(), subscription.item(), context));
                }
            }
            ended = Future.join(leaves).mapEmpty();
        }
        return ended;
    }
}
