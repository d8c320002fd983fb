package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Outcome;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers records: the first attempt is a call from here; one that fails is left to the queue {@code kafka:<group>}, which
 * repeats it and keeps it among its dead letters in the end. Either way the record is dealt with when {@code done} is told.
 */
final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final long FIRST_PAUSE_MS = 200;
    private static final long LONGEST_PAUSE_MS = 5_000;
    private static final long HAND_OVER_MS = 30_000;

    /** Codes by which the engine says that a call was not run: it is made again, and no attempt is counted. */
    private static final Set<String> NOT_RUN = Set.of(
            ErrorCode.FUNCTION_NOT_FOUND.code(), ErrorCode.OVERLOADED.code(), ErrorCode.ENGINE_UNAVAILABLE.code());

    private final EngineInvoker invoker;
    private final KeeperFunction failed;
    private final Subscription subscription;
    private final RecordJson json;
    private volatile boolean stopped;

    /** @param failed takes a delivery that failed */
    Deliveries(EngineInvoker invoker, KeeperFunction failed, Subscription subscription, RecordJson json) {
        this.invoker = invoker;
        this.failed = failed;
        this.subscription = subscription;
        this.json = json;
    }

    /** Nothing is tried again from now on. */
    void stop() {
        stopped = true;
    }

    /** Delivers them in one call, if they are a batch, else the only one; {@code done} is told on any thread. */
    void deliver(List<ConsumerRecord<byte[], byte[]>> records, Runnable done) {
        List<RecordJson.Read> read = records.stream().map(json::read).toList();
        String unreadable = read.stream()
                .map(RecordJson.Read::error)
                .filter(each -> each != null)
                .findFirst()
                .orElse(null);
        RawJson data = subscription.config().batch() == null
                ? read.getFirst().json()
                : RecordJson.batch(read.stream().map(RecordJson.Read::json).toList());
        Attempt attempt = new Attempt(data, header(records, HeaderNames.TRACEPARENT), header(records, HeaderNames.BAGGAGE), done);
        if (unreadable != null) {
            attempt.handOver(ErrorCode.UNREADABLE_RECORD.body(unreadable), 0);
        } else if (subscription.config().conditionFunction() == null) {
            attempt.call(0);
        } else {
            attempt.ask(0);
        }
    }

    private static @Nullable String header(List<ConsumerRecord<byte[], byte[]>> records, String name) {
        Header header = records.getFirst().headers().lastHeader(name);
        return header == null || header.value() == null
                ? null
                : new String(header.value(), UTF_8);
    }

    private final class Attempt {

        private final RawJson data;
        private final @Nullable String traceparent;
        private final @Nullable String baggage;
        private final Runnable done;

        Attempt(RawJson data, @Nullable String traceparent, @Nullable String baggage, Runnable done) {
            this.data = data;
            this.traceparent = traceparent;
            this.baggage = baggage;
            this.done = done;
        }

        void ask(int asked) {
            String condition = String.valueOf(subscription.config().conditionFunction());
            invoker.invoke(toCall(condition, null), outcome -> {
                switch (outcome) {
                    case Outcome.Success success when success.value() != null && success.value().isFalse() -> done.run();
                    case Outcome.Success success -> call(0);
                    case Outcome.Failure failure when NOT_RUN.contains(failure.error().code()) ->
                        again(asked, this::ask);
                    case Outcome.Failure failure ->
                        handOver(new ErrorBody(
                                failure.error().code(),
                                "Condition function error: " + failure.error().message()), 0);
                }
            });
        }

        void call(int made) {
            invoker.invoke(toCall(subscription.functionId(), subscription.metadata()), outcome -> {
                switch (outcome) {
                    case Outcome.Success success -> done.run();
                    case Outcome.Failure failure when NOT_RUN.contains(failure.error().code()) ->
                        again(made, this::call);
                    case Outcome.Failure failure -> handOver(failure.error(), 0);
                }
            });
        }

        private Call toCall(String function, @Nullable RawJson metadata) {
            return new Call(
                    UUID.randomUUID().toString(),
                    function,
                    subscription.namespace(),
                    data,
                    metadata,
                    true,
                    null,
                    traceparent,
                    baggage,
                    System.currentTimeMillis() + subscription.config().timeoutMs());
        }

        /** Leaves it to the queue. */
        void handOver(ErrorBody error, int made) {
            JsonBuilder input = JsonBuilder.object(data.length() + 500)
                    .member("queue", subscription.queue())
                    .member("function_id", subscription.functionId())
                    .member("namespace", subscription.namespace())
                    .member("messageReceiptId", UUID.randomUUID().toString())
                    .member("attempts", 1)
                    .member("error", RawJson.ofValue(error))
                    .member("traceparent", traceparent)
                    .member("baggage", baggage)
                    .member("condition", subscription.config().conditionFunction());
            if (subscription.metadata() != null) {
                input.member("metadata", subscription.metadata());
            }
            Call call = new Call(
                    UUID.randomUUID().toString(),
                    failed.id(),
                    Call.DEFAULT_NAMESPACE,
                    input.member("data", data).build(),
                    null,
                    true,
                    null,
                    traceparent,
                    baggage,
                    System.currentTimeMillis() + HAND_OVER_MS);
            invoker.command(failed, call, outcome -> {
                if (outcome instanceof Outcome.Failure failure) {
                    LOG.atWarn()
                            .addKeyValue("topic", subscription.config().topic())
                            .addKeyValue("code", failure.error().code())
                            .log("A failed delivery could not be left to its queue, which is tried again: {}",
                                    failure.error().message());
                    again(made, next -> handOver(error, next));
                } else {
                    done.run();
                }
            });
        }

        private void again(int made, IntConsumer what) {
            if (stopped) {
                return; // whoever reads the partition next begins with this record
            }
            long pause = Math.min(FIRST_PAUSE_MS << Math.min(made, 10), LONGEST_PAUSE_MS);
            Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
            later.execute(() -> what.accept(made + 1));
        }
    }
}
