package io.iiikafka.gateway.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.ErrorLimit;
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

    /** @param failed takes a delivery that failed */
    Deliveries(EngineInvoker invoker, KeeperFunction failed, Subscription subscription, RecordJson json) {
        this.invoker = invoker;
        this.failed = failed;
        this.subscription = subscription;
        this.json = json;
    }

    /**
     * Delivers them in one call, if they are a batch, else the only one; those that cannot be read are left out, and handed over
     * one by one.
     *
     * @param cancelled whether they are somebody else's by now: nothing is begun any more
     * @param done told when all are dealt with, on any thread
     */
    void deliver(List<ConsumerRecord<byte[], byte[]>> records, BooleanSupplier cancelled, Runnable done) {
        List<Attempt> attempts = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> readable = new ArrayList<>(records.size());
        List<RawJson> data = new ArrayList<>(records.size());
        AtomicInteger left = new AtomicInteger();
        Runnable oneDone = () -> {
            if (left.decrementAndGet() == 0) {
                done.run();
            }
        };
        for (ConsumerRecord<byte[], byte[]> record : records) {
            RecordJson.Read read = json.read(record);
            if (read.error() == null) {
                readable.add(record);
                data.add(read.json());
            } else {
                attempts.add(new Attempt(List.of(record), List.of(read.json()), read.error(), cancelled, oneDone));
            }
        }
        if (!readable.isEmpty()) {
            attempts.add(new Attempt(readable, data, null, cancelled, oneDone));
        }
        left.set(attempts.size());
        attempts.forEach(Attempt::begin);
    }

    private static boolean isTooLarge(Outcome.Failure failure) {
        return failure.error().code().equals(ErrorCode.PAYLOAD_TOO_LARGE.code());
    }

    private RawJson toData(List<RawJson> records) {
        return subscription.config().batch() == null ? records.getFirst() : RecordJson.batch(records);
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    private final class Attempt {

        /** The same however often it is handed over. */
        private final String receipt = UUID.randomUUID().toString();
        private final List<ConsumerRecord<byte[], byte[]>> records;
        private final List<RawJson> values;
        private final @Nullable String unreadable;
        private final BooleanSupplier cancelled;
        private final Runnable done;
        private final @Nullable String traceparent;
        private final @Nullable String baggage;
        private RawJson data;
        private boolean placesOnly;

        Attempt(
                List<ConsumerRecord<byte[], byte[]>> records,
                List<RawJson> values,
                @Nullable String unreadable,
                BooleanSupplier cancelled,
                Runnable done) {
            ConsumerRecord<byte[], byte[]> first = records.getFirst();
            this.records = records;
            this.values = values;
            this.data = toData(values);
            this.unreadable = unreadable;
            this.cancelled = cancelled;
            this.done = done;
            this.traceparent = header(first, HeaderNames.TRACEPARENT);
            this.baggage = header(first, HeaderNames.BAGGAGE);
        }

        void begin() {
            if (unreadable != null) {
                handOver(ErrorCode.UNREADABLE_RECORD.body(unreadable), 0);
            } else if (subscription.config().conditionFunction() == null) {
                call(0);
            } else {
                ask(0);
            }
        }

        void ask(int asked) {
            if (cancelled.getAsBoolean()) {
                return;
            }
            String condition = String.valueOf(subscription.config().conditionFunction());
            invoker.invoke(toCall(condition, null), outcome -> {
                switch (outcome) {
                    case Outcome.Success success when success.value() != null && success.value().isFalse() -> done.run();
                    case Outcome.Success success -> call(0);
                    case Outcome.Failure failure when NOT_RUN.contains(failure.error().code()) ->
                        again(asked, this::ask);
                    case Outcome.Failure failure when isBatchTooLarge(failure) -> oneByOne(0);
                    case Outcome.Failure failure ->
                        handOver(new ErrorBody(
                                failure.error().code(),
                                "Condition function error: " + failure.error().message()), 0);
                }
            });
        }

        void call(int made) {
            if (cancelled.getAsBoolean()) {
                return;
            }
            invoker.invoke(toCall(subscription.functionId(), subscription.metadata()), outcome -> {
                switch (outcome) {
                    case Outcome.Success success -> done.run();
                    case Outcome.Failure failure when NOT_RUN.contains(failure.error().code()) ->
                        again(made, this::call);
                    case Outcome.Failure failure when isBatchTooLarge(failure) -> oneByOne(0);
                    case Outcome.Failure failure -> handOver(failure.error(), 0);
                }
            });
        }

        private boolean isBatchTooLarge(Outcome.Failure failure) {
            return records.size() > 1 && isTooLarge(failure);
        }

        /** Each record in a call of its own, from that one on. */
        private void oneByOne(int index) {
            if (index == records.size()) {
                done.run();
                return;
            }
            new Attempt(List.of(records.get(index)), List.of(values.get(index)), null, cancelled, () -> oneByOne(index + 1))
                    .begin();
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

        /** Leaves it to the queue; of what is too large for that a dead letter says where it is. */
        void handOver(ErrorBody error, int made) {
            if (cancelled.getAsBoolean()) {
                return;
            }
            JsonBuilder input = JsonBuilder.object(data.length() + 500)
                    .member("queue", subscription.queue())
                    .member("function_id", subscription.functionId())
                    .member("namespace", subscription.namespace())
                    .member("messageReceiptId", receipt)
                    .member("made", error.code().equals(ErrorCode.INVOCATION_STOPPED.code()) ? 0 : 1) // its worker was lost
                    .member("last", placesOnly)
                    .member("error", RawJson.ofValue(ErrorLimit.bounded(error)))
                    .member("traceparent", placesOnly ? null : traceparent)
                    .member("baggage", placesOnly ? null : baggage)
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
                    placesOnly ? null : traceparent,
                    placesOnly ? null : baggage,
                    System.currentTimeMillis() + HAND_OVER_MS);
            invoker.command(failed, call, outcome -> {
                if (outcome instanceof Outcome.Failure failure && isTooLarge(failure) && !placesOnly) {
                    placesOnly = true;
                    data = toData(records.stream().map(RecordJson::place).toList());
                    handOver(failure.error(), made);
                } else if (outcome instanceof Outcome.Failure failure) {
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
            long pause = Math.min(FIRST_PAUSE_MS << Math.min(made, 10), LONGEST_PAUSE_MS);
            Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS);
            later.execute(() -> what.accept(made + 1));
        }
    }
}
