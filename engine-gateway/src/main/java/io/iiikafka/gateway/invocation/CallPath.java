package io.iiikafka.gateway.invocation;

import static java.util.Objects.requireNonNull;

import java.util.function.BooleanSupplier;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a call out of this gateway: a record of {@code invocations}, and, if somebody waits, an entry among the
 * pending calls until its outcome comes back on this gateway's slot.
 */
final class CallPath {

    private static final Logger LOG = LoggerFactory.getLogger(CallPath.class);

    /**
     * Where a call goes that does not go to {@code invocations}.
     *
     * @param partition null: the key decides
     */
    record Target(String topic, @Nullable Integer partition, byte @Nullable [] key) {}

    private final String gateway;
    private final String topic;
    private final RecordWriter writer;
    private final Catalog catalog;
    private final OriginSlots slots;
    private final PendingCalls pending;
    private final int limit;
    private final LargePayloads payloads;
    private final LostVoidCalls lost = new LostVoidCalls();

    /**
     * @param limit calls that may wait at once; more are refused with {@code overloaded}
     * @param payloads of these calls; likewise
     */
    CallPath(
            String gateway,
            String topic,
            RecordWriter writer,
            Catalog catalog,
            OriginSlots slots,
            PendingCalls pending,
            int limit,
            LargePayloads payloads) {
        this.gateway = gateway;
        this.topic = topic;
        this.writer = writer;
        this.catalog = catalog;
        this.slots = slots;
        this.pending = pending;
        this.limit = limit;
        this.payloads = payloads;
    }

    /** Sends a call that somebody waits for; {@code handler} is told once, on any thread. */
    void send(Call call, OutcomeHandler handler) {
        send(call, null, handler);
    }

    /** As {@link #send(Call, OutcomeHandler)}, to {@code target}. */
    void send(Call call, @Nullable Target target, OutcomeHandler handler) {
        send(call, target, handler, null);
    }

    /**
     * As {@link #send(Call, Target, OutcomeHandler)}.
     *
     * @param waits whether the outcome is still waited for, whatever the call's deadline; null: until the deadline
     */
    void send(Call call, @Nullable Target target, OutcomeHandler handler, @Nullable BooleanSupplier waits) {
        if (pending.size() >= limit) {
            handler.ended(Outcome.failure(
                    ErrorCode.OVERLOADED,
                    "This gateway has " + limit + " calls in flight, its limit (limits.in_flight_per_gateway); retry "
                            + call.functionId() + " later."));
            return;
        }
        int slot = slots.current();
        if (slot < 0) {
            handler.ended(Outcome.failure(
                    ErrorCode.ENGINE_UNAVAILABLE,
                    "This gateway has no slot to receive the result of " + call.functionId() + " on yet; retry."));
            return;
        }
        OutcomeHandler told = LargePayloads.counts(call) ? withRoom(call, handler) : handler;
        if (told == null) {
            handler.ended(new Outcome.Failure(noRoom()));
            return;
        }
        long number = pending.nextNumber();
        pending.add(number, new PendingCalls.Pending(call, slot, told, waits));
        write(call, target, new Origin(gateway, slot, number), (metadata, failure) -> {
            PendingCalls.Pending waiting = failure == null ? null : pending.take(number);
            if (waiting != null) {
                waiting.handler().ended(new Outcome.Failure(notTaken(call, requireNonNull(failure))));
            }
        });
    }

    private ErrorBody noRoom() {
        return ErrorCode.OVERLOADED.body("The payloads of this gateway's calls in flight would take more than "
                + payloads.limit() + " bytes, its limit (limits.in_flight_bytes); retry later, or send large data through"
                + " a channel (engine::channels::create).");
    }

    /** The handler, which also gives the room for the payload back; null when there is none. */
    private @Nullable OutcomeHandler withRoom(Call call, OutcomeHandler handler) {
        if (!payloads.take(call)) {
            return null;
        }
        return outcome -> {
            payloads.giveBack(call);
            handler.ended(outcome);
        };
    }

    /**
     * Sends a call that nobody waits for: its payload counts until Kafka has it.
     *
     * @param target null: {@code invocations}
     * @param lost told, on any thread, when Kafka does not get it
     */
    void fire(Call call, @Nullable Target target, OutcomeHandler lost) {
        handOver(call, target, outcome -> {
            if (outcome instanceof Outcome.Failure failure) {
                lose(call, failure.error(), lost);
            }
        });
    }

    /**
     * As {@link #fire}, for who needs to know that the call is kept.
     *
     * @param taken told, on any thread, when all replicas have it, with no value, or that Kafka does not get it
     */
    void handOver(Call call, @Nullable Target target, OutcomeHandler taken) {
        boolean large = LargePayloads.counts(call);
        if (large && !payloads.take(call)) {
            taken.ended(new Outcome.Failure(noRoom()));
            return;
        }
        Origin origin = new Origin(gateway, Math.max(0, slots.current()), pending.nextNumber());
        write(call, target, origin, (metadata, failure) -> {
            if (large) {
                payloads.giveBack(call);
            }
            taken.ended(failure == null ? Outcome.NO_VALUE : new Outcome.Failure(notTaken(call, failure)));
        });
    }

    /** Says that a call for which nobody waits was refused before it came here. */
    void refused(String functionId, String caller, ErrorBody why) {
        lost.add(functionId, caller, why);
    }

    private void lose(Call call, ErrorBody why, OutcomeHandler told) {
        lost.add(call, why);
        told.ended(new Outcome.Failure(why));
    }

    /**
     * Sends a delivery back to the router, because its worker is not here.
     *
     * @param stranded told, on any thread, when Kafka does not get it, or may not have got it; has to tick off the delivery
     */
    void passOn(Delivery delivery, OutcomeHandler stranded) {
        RoutedCall routed = delivery.routed();
        sendOn(
                delivery,
                stranded,
                new RoutedCall(
                        routed.call(),
                        routed.origin(),
                        catalog.position(),
                        routed.hops() + 1,
                        routed.condition(),
                        routed.worker(),
                        routed.topic()));
    }

    /**
     * Sends a delivery whose condition has been answered on its way to a worker. So what is delivered with a condition has
     * never been handed to one, and can be asked about again when this gateway dies.
     *
     * @param stranded as of {@link #passOn}
     */
    void approved(Delivery delivery, OutcomeHandler stranded) {
        RoutedCall routed = delivery.routed();
        sendOn(
                delivery,
                stranded,
                new RoutedCall(
                        routed.call(),
                        routed.origin(),
                        catalog.position(),
                        routed.hops(),
                        null,
                        routed.worker(),
                        routed.topic()));
    }

    private void sendOn(Delivery delivery, OutcomeHandler stranded, RoutedCall further) {
        writer.write(CallCodec.encode(topic, further, System.currentTimeMillis()), (metadata, failure) -> {
            if (failure == null) {
                delivery.progress().done();
                return;
            }
            LOG.atWarn()
                    .addKeyValue("function", further.call().functionId())
                    .addKeyValue("cause", failure.getMessage())
                    .log("A call could not be passed on");
            stranded.ended(new Outcome.Failure(notTaken(further.call(), failure)));
        });
    }

    private void write(Call call, @Nullable Target target, Origin origin, Callback acknowledged) {
        RoutedCall routed = new RoutedCall(call, origin, catalog.position(), 0);
        long now = System.currentTimeMillis();
        ProducerRecord<byte[], byte[]> record = target == null
                ? CallCodec.encode(topic, routed, now)
                : CallCodec.encode(target.topic(), target.partition(), target.key(), routed, now);
        writer.offer(record, acknowledged);
    }

    /** That the call was not run, unless Kafka may have it all the same. */
    private static ErrorBody notTaken(Call call, Exception failure) {
        if (RecordWriter.mayBeWritten(failure)) {
            return ErrorCode.INVOCATION_STOPPED.body("Kafka did not acknowledge the call of " + call.functionId()
                    + ", which may be run all the same: " + failure.getMessage());
        }
        if (failure instanceof RecordTooLargeException) {
            return ErrorCode.PAYLOAD_TOO_LARGE.body(
                    "Kafka did not take the call of " + call.functionId() + ": " + failure.getMessage());
        }
        if (failure instanceof BufferExhaustedException) {
            return ErrorCode.OVERLOADED.body("Kafka takes records slower than they come, and those that wait fill this"
                    + " gateway's buffer (kafka.buffer.memory); retry " + call.functionId() + " later.");
        }
        String why = "Kafka did not take the call of " + call.functionId() + ": " + failure.getMessage();
        return ErrorCode.ENGINE_UNAVAILABLE.body(
                failure instanceof RetriableException ? why + (why.endsWith(".") ? " Retry later." : "; retry later.") : why);
    }
}
