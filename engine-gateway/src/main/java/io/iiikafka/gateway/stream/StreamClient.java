package io.iiikafka.gateway.stream;

import io.iiikafka.gateway.invocation.ReaderThread;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream socket: what its client says, one message after another, and who may join what (spec: stream.md 5.3, 5.5,
 * 5.6).
 *
 * <p>Used on the socket's event loop, except where a method says otherwise.
 */
final class StreamClient {

    private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);

    private final StreamServices services;
    private final StreamSocket socket;
    private final String name;
    private final @Nullable RawJson context;
    private final Subscriptions subscriptions;
    private final Outbox outbox;
    private final SyncQueue syncs;
    private Future<Void> handled = Future.succeededFuture();
    private @Nullable Future<Void> ended;

    /** @param context what the auth function gave, or null */
    StreamClient(StreamServices services, StreamSocket socket, @Nullable RawJson context) {
        this.services = services;
        this.socket = socket;
        this.name = services.clients().nextName();
        this.context = context;
        this.subscriptions = new Subscriptions(this, services);
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

    Subscriptions subscriptions() {
        return subscriptions;
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

    private void drained() {
        syncs.drained();
        subscriptions.resume();
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
        if (subscriptions.size() >= most && subscriptions.get(join.subscription()) == null) {
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
                        subscriptions.begin(join, admittance.filter());
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

    private Future<Void> leave(ClientMessage.Leave leave) {
        Subscription left = subscriptions.get(leave.subscription());
        if (left != null) {
            left.leaving();
        }
        return services.triggers()
                .left(leave.subscription(), leave.group(), leave.item(), context)
                .onSuccess(done -> {
                    if (ended == null) {
                        subscriptions.leave(leave.subscription());
                    }
                });
    }

    /** The socket is closed, or about to be: every subscription left is ended. Done when leave triggers have been called. */
    Future<Void> end() {
        if (ended == null) {
            ended = Future.succeededFuture();
            services.clients().remove(this);
            services.metrics().disconnected();
            syncs.end();
            ended = subscriptions.end();
        }
        return ended;
    }
}
