package io.iiikafka.gateway.stream;

import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is there when a plain subscription begins, or when its client missed something: asked for until it is here,
 * while what comes meanwhile is held back (spec: stream.md 5.4). Used on the client's event loop.
 */
final class LiveSyncs {

    private static final Logger LOG = LoggerFactory.getLogger(LiveSyncs.class);
    private static final long RETRY_MS = 1_000;
    private static final RawJson ZERO = RawJson.of("0");

    private final StreamClient client;
    private final Subscriptions subscriptions;

    LiveSyncs(StreamClient client, Subscriptions subscriptions) {
        this.client = client;
        this.subscriptions = subscriptions;
    }

    /** Asks for what is there now. */
    void ask(LiveSubscription subscription) {
        ask(subscription, true);
    }

    /** @param snapshot false: the subscription goes on without, because it would be too long */
    private void ask(LiveSubscription subscription, boolean snapshot) {
        boolean provided = snapshot && client.calls().isProvided(subscription.view().group());
        int question = subscription.awaitSync();
        client.syncs().add(
                () -> subscriptions.isCurrent(subscription) && subscription.awaits(question),
                () -> subscriptions.isCurrent(subscription),
                came -> client.calls().join(
                        client.name(), subscription, client.context(), snapshot && !provided, came),
                outcome -> {
                    Map<String, RawJson> answer = Subscriptions.members(outcome);
                    subscriptions.known(subscription, outcome, answer);
                    if (subscription.awaits(question)) {
                        joined(subscription, question, provided, outcome, answer);
                    }
                });
    }

    private void joined(
            LiveSubscription subscription,
            int question,
            boolean provided,
            Outcome outcome,
            Map<String, RawJson> answer) {
        switch (outcome) {
            case Outcome.Success success -> {
                long timestamp = Long.parseLong(answer.getOrDefault("timestamp", ZERO).toString());
                if (provided) {
                    read(subscription, question, timestamp);
                } else {
                    synced(subscription, timestamp, answer.get("data"));
                }
            }
            case Outcome.Failure failure when failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code()) -> {
                client.outbox().answer(Frame.error(
                        subscription.view().group(),
                        subscription.item(),
                        Frame.code(failure.error()),
                        failure.error().message()));
                ask(subscription, false);
            }
            case Outcome.Failure failure -> {
                LOG.atWarn()
                        .addKeyValue("stream", subscription.view().group().stream())
                        .addKeyValue("code", failure.error().code())
                        .log("A stream socket waits for its sync: {}", failure.error().message());
                client.vertx().setTimer(RETRY_MS, timer -> client.execute(() -> {
                    if (subscriptions.isCurrent(subscription) && subscription.awaits(question)) {
                        ask(subscription);
                    }
                }));
            }
        }
    }

    /** A worker keeps the stream. */
    private void read(LiveSubscription subscription, int question, long timestamp) {
        client.calls().read(subscription.view().group(), subscription.item(), outcome -> client.execute(() -> {
            if (subscriptions.isCurrent(subscription) && subscription.awaits(question)) {
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
                client.outbox().sync(view, Frame.sync(timestamp, view.group(), subscription.item(), data));
            }
        });
        subscriptions.resume();
    }
}
