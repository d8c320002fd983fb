package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends subscriptions that have been without a trigger for long (spec: queue.md 6.1), as far as this gateway has seen since
 * its start. On one thread of the event loop.
 */
final class SubscriptionExpiry {

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionExpiry.class);
    private static final long LONGEST_PAUSE_MS = 60_000;
    private static final int LOOKS = 10;

    private final Vertx vertx;
    private final DurableSubscriptions subscriptions;
    private final Duration expiry;
    private final Map<String, Long> idleSince = new HashMap<>();

    /** @param expiry zero: never */
    SubscriptionExpiry(Vertx vertx, DurableSubscriptions subscriptions, Duration expiry) {
        this.vertx = vertx;
        this.subscriptions = subscriptions;
        this.expiry = expiry;
    }

    void begin() {
        if (!expiry.isZero()) {
            vertx.setPeriodic(Math.clamp(expiry.toMillis() / LOOKS, 1, LONGEST_PAUSE_MS), id -> look());
        }
    }

    private void look() {
        Set<String> idle = subscriptions.idle();
        long now = System.nanoTime();
        idleSince.keySet().retainAll(idle);
        for (String subscription : idle) {
            if (now - idleSince.computeIfAbsent(subscription, key -> now) > expiry.toNanos()) {
                LOG.atInfo()
                        .addKeyValue("subscription", subscription)
                        .log("A subscription without a trigger has expired (queue.subscription_expiry)");
                subscriptions.remove(subscription);
            }
        }
    }
}
