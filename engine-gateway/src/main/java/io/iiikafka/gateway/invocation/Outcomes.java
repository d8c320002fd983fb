package io.iiikafka.gateway.invocation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.BiConsumer;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.ErrorLimit;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the outcome of a delivery to who asked, the slot of a gateway or the keeper, and ticks the delivery off. */
public final class Outcomes {

    /** What sources of workers begin with. */
    public static final String OF_WORKERS = "/workers/";

    private static final Logger LOG = LoggerFactory.getLogger(Outcomes.class);
    private static final Outcome VETO = new Outcome.Success(RawJson.of("false"));

    private final RecordWriter writer;
    private final String results;
    private final String commands;
    private final String gateway;
    private final BegunAttempts attempts = new BegunAttempts();
    private volatile BiConsumer<Delivery, Outcome> listener = (delivery, outcome) -> {};

    /**
     * @param gateway its id
     * @param results where gateways wait
     * @param commands where the keeper does
     */
    public Outcomes(String gateway, RecordWriter writer, String results, String commands) {
        this.gateway = "/gateways/" + gateway;
        this.writer = writer;
        this.results = results;
        this.commands = commands;
    }

    /** Attempts of jobs that are answered through this, or were. */
    BegunAttempts attempts() {
        return attempts;
    }

    /** Tells of each outcome that is sent; any thread. */
    void tell(BiConsumer<Delivery, Outcome> other) {
        listener = other;
    }

    /**
     * @param source who answers, as a CloudEvents source: {@code /workers/<worker id>}
     */
    public void send(Delivery delivery, Outcome outcome, String source) {
        Origin origin = delivery.origin();
        boolean plain = outcome instanceof Outcome.Success
                && isForKeeper(delivery)
                && origin != null
                && !origin.wantsResult(); // only that it was answered counts
        Outcome told = plain ? Outcome.NO_VALUE : outcome;
        attempts.ended(delivery, told, source);
        write(delivery, told, source);
        listener.accept(delivery, outcome);
    }

    /** A condition kept the function from being called, which the keeper learns by the value {@code false}. */
    void vetoed(Delivery delivery) {
        write(delivery, isForKeeper(delivery) ? VETO : Outcome.NO_VALUE, gateway);
    }

    private static boolean isForKeeper(Delivery delivery) {
        Origin origin = delivery.origin();
        return origin != null && origin.isKeeper();
    }

    private void write(Delivery delivery, Outcome outcome, String source) {
        Origin origin = delivery.origin();
        Call call = delivery.call();
        OutcomeHandler here = delivery.here();
        if (here != null) {
            delivery.progress().done();
            here.ended(outcome);
            return;
        }
        if (origin == null || !call.reply()) {
            delivery.progress().done();
            return;
        }
        long now = System.currentTimeMillis();
        writer.write(
                new ProducerRecord<>(
                        origin.isKeeper() ? commands : results,
                        origin.slot(),
                        now,
                        call.invocationId().getBytes(UTF_8),
                        OutcomeCodec.value(outcome),
                        OutcomeCodec.headers(call, origin, outcome, source, now)),
                (metadata, failure) -> {
                    if (failure != null && outcome instanceof Outcome.Success) {
                        // The value may be the reason; who waits is told at least that there was one.
                        ErrorCode code = failure instanceof RecordTooLargeException
                                ? ErrorCode.PAYLOAD_TOO_LARGE
                                : ErrorCode.INVOCATION_STOPPED;
                        String why = "Kafka did not take the result of " + call.functionId() + ": " + failure.getMessage();
                        send(delivery, Outcome.failure(code, why), gateway);
                        return;
                    }
                    Outcome.Failure shorter = failure instanceof RecordTooLargeException ? shorter(outcome) : null;
                    if (shorter != null) {
                        send(delivery, shorter, source); // not to hear of the failure at all would be worse
                        return;
                    }
                    if (failure != null) {
                        LOG.atWarn()
                                .addKeyValue("function", call.functionId())
                                .addKeyValue("cause", failure.getMessage())
                                .log("A result was not written; its caller will time out");
                    }
                    delivery.progress().done();
                });
    }

    /** Null when it is as short as it can be. */
    private static Outcome.@Nullable Failure shorter(Outcome outcome) {
        ErrorBody whole = outcome instanceof Outcome.Failure failure ? failure.error() : null;
        ErrorBody bounded = whole == null ? null : ErrorLimit.bounded(whole);
        return bounded == null || bounded == whole ? null : new Outcome.Failure(bounded);
    }

    /** The worker went away; it is the gateway that says so, by which a job knows it from an error of the worker's. */
    public void stopped(Delivery delivery) {
        send(delivery, Outcome.failure(ErrorCode.INVOCATION_STOPPED, "Invocation stopped"), gateway);
    }
}
