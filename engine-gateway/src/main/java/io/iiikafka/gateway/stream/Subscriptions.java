package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one client, from their beginning to their end, by group: what happens in a group goes through
 * its view, which exists as long as a subscription is in it. Used on the client's event loop.
 */
final class Subscriptions {

    private static final Set<String> NOT_SENT =
            Set.of(ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    /** What the keeper answers when it had ended the subscription. */
    private static final String FORGOTTEN = "forgotten";

    private final StreamClient client;
    private final StreamServices services;
    private final LiveSyncs syncs;
    private final Map<GroupId, GroupView> views = new HashMap<>();
    private final Map<String, Subscription> byId = new HashMap<>();
    private boolean ended;

    Subscriptions(StreamClient client, StreamServices services) {
        this.client = client;
        this.services = services;
        this.syncs = new LiveSyncs(client, this);
    }

    int size() {
        return byId.size();
    }

    @Nullable Subscription get(String id) {
        return byId.get(id);
    }

    /** Whether nothing has taken its place. */
    boolean isCurrent(Subscription subscription) {
        return !ended && byId.get(subscription.id()) == subscription;
    }

    /** Begins an admitted one; it takes the place of the one with the same id. */
    void begin(ClientMessage.Join join, JoinFilter filter) {
        GroupView view = views.computeIfAbsent(join.group(), this::open);
        Subscription subscription = make(join, view);
        subscription.restrict(filter);
        Subscription before = byId.put(join.subscription(), subscription);
        view.add(subscription);
        if (before == null) {
            services.metrics().subscribed(1);
        } else if (before.view() != view) {
            services.calls().leave(client.name(), before);
            drop(before);
        } else {
            giveBack(before);
        }
        switch (subscription) {
            case LiveSubscription live -> syncs.ask(live);
            case LogSubscription log -> {
                log.replaces(before);
                log.begin();
            }
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
                        join.subscription(), view, join.item(), options, client, services.settings().maxQueued())
                : new ConsumerSubscription(join.subscription(), view, join.item(), options.consumer(), client);
    }

    private GroupView open(GroupId group) {
        GroupView view = new GroupView(
                group,
                services.settings().maxQueued(),
                client.outbox(),
                services.metrics().sent(group.stream()),
                this::refresh);
        services.feeds().add(view, client.eventLoop());
        return view;
    }

    /** The members of what the keeper answers; none of a failure. */
    static Map<String, RawJson> members(Outcome answer) {
        Map<String, RawJson> members = new HashMap<>();
        if (answer instanceof Outcome.Success success && success.value() != null) {
            success.value().forEachMember(members::put);
        }
        return members;
    }

    /**
     * The keeper has answered that it knows of the subscription. If it had ended it before, and had said so to leave triggers,
     * join triggers decide anew; where there is none at the moment, because its worker went with the gateway, all stays as it
     * was decided before. To be told of each answer: the keeper says only once that it had.
     */
    void known(Subscription subscription, Outcome outcome, Map<String, RawJson> answer) {
        if (outcome instanceof Outcome.Failure failure && NOT_SENT.contains(failure.error().code())) {
            subscription.notAsked();
        }
        if (answer.containsKey(FORGOTTEN)) {
            String consumer = subscription instanceof ConsumerSubscription member ? member.consumerGroup() : null;
            services.triggers()
                    .admits(
                            subscription.id(),
                            subscription.view().group(),
                            subscription.item(),
                            consumer,
                            client.context())
                    .onSuccess(admittance -> client.execute(() -> decided(subscription, admittance)));
        }
    }

    private void decided(Subscription subscription, Admittance admittance) {
        if (!isCurrent(subscription)) {
            return;
        }
        subscription.restrict(admittance.filter(subscription.filter()));
        if (!admittance.admitted()) {
            client.outbox().answer(Frame.unauthorized(subscription.view().group(), subscription.item()));
            expel(subscription, null);
        }
    }

    /** Ends one whose client leaves; leave triggers have been called. */
    void leave(String id) {
        Subscription subscription = byId.get(id);
        if (subscription != null) {
            remove(subscription);
        }
    }

    /**
     * Ends a subscription that cannot be served.
     *
     * @param joined of which leave triggers are told: it, or the one whose place it took before it ever was joined; null: none
     */
    void expel(Subscription subscription, @Nullable Subscription joined) {
        remove(subscription);
        if (joined != null && !subscription.isLeaving()) {
            tellLeaveTriggers(joined);
        }
    }

    private void remove(Subscription subscription) {
        byId.remove(subscription.id());
        services.calls().leave(client.name(), subscription);
        services.metrics().subscribed(-1);
        drop(subscription);
    }

    private void drop(Subscription subscription) {
        giveBack(subscription);
        GroupView view = subscription.view();
        view.remove(subscription);
        if (view.isEmpty()) {
            views.remove(view.group());
            services.feeds().remove(view, client.eventLoop());
        }
    }

    private static void giveBack(Subscription subscription) {
        if (subscription instanceof ConsumerSubscription consumer) {
            consumer.end();
        }
    }

    private Future<Void> tellLeaveTriggers(Subscription subscription) {
        return services.triggers().left(
                subscription.id(), subscription.view().group(), subscription.item(), client.context());
    }

    /**
     * All are made anew: the keeper may have been told that this gateway is gone. Also what a sync is on its way to, which may
     * have been asked for before that.
     */
    void rejoin() {
        if (ended) {
            return;
        }
        for (GroupView view : List.copyOf(views.values())) {
            fresh(view);
            view.live().forEach(syncs::ask);
            view.logs().forEach(LogSubscription::rejoin);
            view.consumers().forEach(ConsumerSubscription::begin);
        }
    }

    /** The client has room again: what was left out, or waits for that, goes on. */
    void resume() {
        if (!ended && client.outbox().isEmpty()) {
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
        fresh(view);
        for (LiveSubscription subscription : view.live()) {
            if (!subscription.syncing()) {
                syncs.ask(subscription);
            }
        }
    }

    private void fresh(GroupView view) {
        view.stale(false);
        services.metrics().resynced(view.group().stream());
    }


    /** Ends all. Done when leave triggers have been called. */
    Future<Void> end() {
        ended = true;
        services.metrics().subscribed(-byId.size());
        views.values().forEach(view -> services.feeds().remove(view, client.eventLoop()));
        List<Future<Void>> leaves = new ArrayList<>();
        for (Subscription subscription : byId.values()) {
            services.calls().leave(client.name(), subscription);
            giveBack(subscription);
            if (!subscription.isLeaving()) {
                leaves.add(tellLeaveTriggers(subscription));
            }
        }
        return Future.join(leaves).mapEmpty();
    }
}
