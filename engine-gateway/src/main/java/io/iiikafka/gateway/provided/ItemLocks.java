package io.iiikafka.gateway.provided;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Lets one at a time change an item that a worker keeps: within this gateway in turn, and against other gateways by a
 * lock that the keeper holds.
 */
final class ItemLocks {

    private static final long FIRST_PAUSE_MS = 5;
    private static final long LONGEST_PAUSE_MS = 100;

    private final Vertx vertx;
    private final Keeper keeper;
    private final long holdMs;
    private final Map<String, Future<Outcome>> last = new ConcurrentHashMap<>();

    /** Runs the keeper's part for locks. */
    @FunctionalInterface
    interface Keeper {

        /** Whether the token has the lock now; {@code holdMs} 0 gives it back. */
        Future<Outcome> lock(Input item, String token, long holdMs);
    }

    ItemLocks(Vertx vertx, Keeper keeper, long holdMs) {
        this.vertx = vertx;
        this.keeper = keeper;
        this.holdMs = holdMs;
    }

    /** Runs the work when it is its turn; it must end before the lock does. */
    Future<Outcome> inTurn(Input item, long deadlineMs, Supplier<Future<Outcome>> work) {
        RawJson[] name = {item.require("stream_name"), item.require("group_id"), item.require("item_id")};
        String key = name[0] + "/" + name[1] + "/" + name[2];
        Promise<Outcome> mine = Promise.promise();
        Future<Outcome> before = last.put(key, mine.future());
        Future<Void> turn = before == null ? Future.succeededFuture() : before.transform(any -> Future.succeededFuture());
        turn.compose(now -> locked(item, deadlineMs, work)).onComplete(mine);
        mine.future().onComplete(any -> last.remove(key, mine.future()));
        return mine.future();
    }

    private Future<Outcome> locked(Input item, long deadlineMs, Supplier<Future<Outcome>> work) {
        String token = UUID.randomUUID().toString();
        return acquire(item, token, deadlineMs, FIRST_PAUSE_MS)
                .compose(mine -> work.get())
                .onComplete(any -> keeper.lock(item, token, 0));
    }

    private Future<Void> acquire(Input item, String token, long deadlineMs, long pauseMs) {
        return keeper.lock(item, token, holdMs).compose(outcome -> switch (outcome) {
            case Outcome.Success success when "true".equals(String.valueOf(success.value())) ->
                Future.succeededFuture();
            case Outcome.Success taken when System.currentTimeMillis() + pauseMs < deadlineMs ->
                vertx.timer(pauseMs)
                        .compose(again -> acquire(item, token, deadlineMs, Math.min(LONGEST_PAUSE_MS, pauseMs * 2)));
            case Outcome.Success taken -> Future.failedFuture(new Refusal(
                    ErrorCode.STREAM_UPDATE_ERROR, Operation.UPDATE.failed("timeout")));
            case Outcome.Failure failure -> Future.failedFuture(new Refusal(
                    ErrorCode.STREAM_UPDATE_ERROR, Operation.UPDATE.failed(failure.error().message())));
        });
    }
}
