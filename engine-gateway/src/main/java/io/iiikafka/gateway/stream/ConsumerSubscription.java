package io.iiikafka.gateway.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that is a member of a consumer group (spec: stream.md 13.4): it is handed events, keeps them while its
 * client has them, and gives back what the client has not acknowledged when it ends.
 *
 * <p>Used on its client's event loop.
 */
final class ConsumerSubscription extends Subscription {

    private static final long RETRY_MS = 1_000;
    private static final Set<String> FINAL = Set.of(
            ErrorCode.DESERIALIZATION_ERROR.code(),
            ErrorCode.REPLAY_DISABLED.code(),
            ErrorCode.CONSUMER_GROUP_CONFLICT.code());

    private final StreamClient client;
    private final ConsumerOptions options;
    private final ConsumerCalls calls;
    private final Set<String> out = new LinkedHashSet<>();
    private boolean joined;
    private boolean asking;

    ConsumerSubscription(String id, GroupView view, @Nullable String item, ConsumerOptions options, StreamClient client) {
        super(id, view, item);
        this.client = client;
        this.options = options;
        this.calls = client.calls().consumer(client.name(), this, options);
    }

    String consumerGroup() {
        return options.group();
    }

    /** Begins: subscribed, so that somebody tells who left should this gateway end. */
    void begin() {
        client.calls().join(client.name(), this, client.context(), false, outcome -> current(() -> {
            client.subscriptions().known(this, outcome, Subscriptions.members(outcome));
            switch (outcome) {
                case Outcome.Success success -> {
                    if (!joined) {
                        joined = true;
                        renewLater();
                        consume();
                    }
                }
                case Outcome.Failure failure -> later(RETRY_MS, this::begin);
            }
        }));
    }

    private void current(Runnable then) {
        client.execute(() -> {
            if (client.subscriptions().isCurrent(this)) {
                then.run();
            }
        });
    }

    private void later(long ms, Runnable then) {
        client.vertx().setTimer(ms, timer -> current(then));
    }

    /** Asks for more, if the client may have more. */
    void consume() {
        if (!joined || asking || out.size() >= options.maxInFlight() || !client.outbox().hasRoom()) {
            return;
        }
        asking = true;
        calls.consume(options.maxInFlight() - out.size(), outcome -> client.execute(() -> {
            asking = false;
            List<Map<String, RawJson>> events = events(outcome);
            if (!client.subscriptions().isCurrent(this)) {
                returnUnsent(events.stream().map(ConsumerSubscription::delivery).toList());
            } else if (outcome instanceof Outcome.Failure failure) {
                failed(failure);
            } else {
                events.forEach(this::hand);
                consume();
            }
        }));
    }

    private static List<Map<String, RawJson>> events(Outcome outcome) {
        List<Map<String, RawJson>> events = new ArrayList<>();
        if (outcome instanceof Outcome.Success success && success.value() != null) {
            success.value().forEachMember((name, value) -> {
                if (name.equals("events")) {
                    value.forEachElement(record -> {
                        Map<String, RawJson> members = new HashMap<>();
                        record.forEachMember(members::put);
                        members.put("", record);
                        events.add(members);
                    });
                }
            });
        }
        return events;
    }

    private static String delivery(Map<String, RawJson> event) {
        return String.valueOf(event.getOrDefault("delivery_id", RawJson.NULL).text());
    }

    private void failed(Outcome.Failure failure) {
        if (!FINAL.contains(failure.error().code())) {
            later(RETRY_MS, this::consume);
            return;
        }
        String code = Frame.code(failure.error());
        RawJson frame = Frame.error(view().group(), item(), code, failure.error().message());
        client.outbox().answer(Frame.extended(frame, id(), null, false));
        client.subscriptions().expel(this, this);
    }

    private void hand(Map<String, RawJson> event) {
        Frame frame = Frame.ofRecord(view().group(), event.getOrDefault("", RawJson.NULL));
        String delivery = delivery(event);
        out.add(delivery);
        RawJson about = JsonBuilder.object()
                .member("subscriptionId", id())
                .member("offset", frame.position().offset())
                .member("deliveryId", delivery)
                .member("attempt", event.getOrDefault("attempt", RawJson.NULL))
                .build();
        client.outbox().answer(Frame.with(frame.text(), about));
    }

    /** The client is done with them, or gives them back; what it does not have is left alone. */
    void settle(ClientMessage.Settle settled) {
        List<String> ids = settled.deliveries().stream().filter(out::remove).toList();
        if (ids.isEmpty()) {
            return;
        }
        if (settled.done()) {
            calls.commit(ids, this::settled);
        } else {
            // What was handed out behind an event that is given back is taken back, too.
            calls.giveBack(ids, settled.delayMs(), outcome -> renew());
        }
        consume();
    }

    private void settled(Outcome outcome) {
        current(this::consume);
    }

    private void renewLater() {
        later(options.leaseMs() / 3, () -> {
            renew();
            renewLater();
        });
    }

    /** As long as the connection lives its client keeps what it has. */
    private void renew() {
        current(() -> {
            if (out.isEmpty()) {
                consume();
                return;
            }
            calls.extend(List.copyOf(out), outcome -> current(() -> {
                if (outcome instanceof Outcome.Success success && success.value() != null) {
                    success.value().forEachMember((name, value) -> {
                        if (name.equals("stale")) {
                            value.forEachElement(id -> out.remove(String.valueOf(id.text())));
                        }
                    });
                }
                consume();
            }));
        });
    }

    private void returnUnsent(List<String> ids) {
        if (!ids.isEmpty()) {
            calls.returnUnsent(ids);
        }
    }

    /** Others get at once what the client has. */
    void end() {
        if (!out.isEmpty()) {
            calls.leave(List.copyOf(out));
            out.clear();
        }
    }
}
