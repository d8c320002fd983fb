package io.iiikafka.topology.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogStore;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.FunctionNotFound;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallAddress;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.record.ToSlot;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.TaskMigratedException;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each call to the slot of a gateway that has a worker for it, or its error back to who asked.
 *
 * <p>At least once: after a crash Streams hands over again what was not committed. {@link AlreadyRouted} tells what of it
 * had been routed, so that no call is run twice. For the same reason a router stops when it cannot be sure that its
 * partitions are still its own.
 */
final class CallRouter implements Processor<byte[], byte[], byte[], ToSlot> {

    static final String DELIVERIES = "to-deliveries";
    static final String RESULTS = "to-results";
    static final String COMMANDS = "to-commands";

    private static final Logger LOG = LoggerFactory.getLogger(CallRouter.class);

    /** How long a call may wait for the catalog to reach the position that its gateway had seen. */
    private static final long CATALOG_WAIT_MS = 5_000;

    private final AlreadyRouted.Scan scan;
    private final BooleanSupplier own;
    private final RouteSpans spans;
    private final SlotChoice choice = new SlotChoice();
    @SuppressWarnings("NullAway.Init")
    private ProcessorContext<byte[], ToSlot> context;

    @SuppressWarnings("NullAway.Init")
    private Catalog catalog;

    @SuppressWarnings("NullAway.Init")
    private AlreadyRouted alreadyRouted;

    CallRouter(AlreadyRouted.Scan scan, BooleanSupplier own, RouteSpans spans) {
        this.scan = scan;
        this.own = own;
        this.spans = spans;
    }

    @Override
    public void init(ProcessorContext<byte[], ToSlot> context) {
        this.context = context;
        this.catalog = context.<CatalogStore>getStateStore(CatalogStore.NAME).catalog();
        this.alreadyRouted = new AlreadyRouted(scan, context.taskId().partition());
    }

    /**
     * What fails in Kafka is tried again, by ending the thread before the call is committed; a call on which the router
     * itself fails must not hold up those behind it.
     */
    @Override
    public void process(Record<byte[], byte[]> record) {
        try {
            take(record);
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("position", position()).setCause(e).log("A call could not be routed");
        }
    }

    private void take(Record<byte[], byte[]> record) {
        CallAddress address = CallAddress.of(record.headers());
        if (address == null) {
            LOG.atWarn().addKeyValue("position", position()).log("Ignored a record that names no function");
            return;
        }
        if (isForeign(record.headers()) && !isReadable(record)) {
            LOG.atWarn()
                    .addKeyValue("position", position())
                    .addKeyValue("function", address.functionId())
                    .log("Ignored a call whose value or iii_metadata is not JSON");
            return;
        }
        if (!own.getAsBoolean()) {
            throw new TaskMigratedException("The calls of this partition may be another router's by now");
        }
        if (address.deadlineMs() < context.currentSystemTimeMs() || alreadyRouted.contains(metadata(), record)) {
            return;
        }
        RouteSpans.Route span = spans.begin(address.functionId(), record.headers());
        try {
            route(record, address, span);
        } finally {
            span.end();
        }
    }

    /** Other applications write calls, too. What this product writes says how much of the catalog it knew, and is JSON. */
    private static boolean isForeign(Headers headers) {
        return headers.lastHeader(HeaderNames.POSITION) == null;
    }

    private static boolean isReadable(Record<byte[], byte[]> record) {
        Header metadata = record.headers().lastHeader(HeaderNames.METADATA);
        return isJson(record.value()) && (metadata == null || isJson(metadata.value()));
    }

    private static boolean isJson(byte @Nullable [] text) {
        return text == null || RawJson.parse(text) != null;
    }

    private void route(Record<byte[], byte[]> record, CallAddress address, RouteSpans.Route span) {
        if (!catchUp(address.position())) {
            refuse(record, span, call -> ErrorCode.ENGINE_UNAVAILABLE.body(
                    "The router's catalog lags behind; " + address.functionId() + " was not run, retry."));
            return;
        }
        FunctionKey function = new FunctionKey(address.namespace(), address.functionId());
        List<Member> members = catalog.members(function);
        Integer asked = members.isEmpty() && address.origin() == null ? choice.anyGateway(catalog.gateways(), address) : null;
        if (asked != null) {
            deliver(record, asked, span); // fired by a trigger: every gateway knows the engine's own functions
            return;
        }
        if (members.isEmpty()) {
            refuse(record, span, call -> FunctionNotFound.outcome(catalog, function, call.callerWorkerId() != null)
                    .error());
            return;
        }
        Integer slot = choice.choose(members, address);
        if (slot == null) {
            refuse(record, span, call -> ErrorCode.ENGINE_UNAVAILABLE.body(
                    "No gateway of the workers that serve " + function.id() + " is ready; retry."));
            return;
        }
        deliver(record, slot, span);
    }

    private void deliver(Record<byte[], byte[]> record, int slot, RouteSpans.Route span) {
        span.delivered(slot);
        record.headers().add(HeaderNames.ROUTED_FROM, position().getBytes(UTF_8));
        context.forward(record.withValue(new ToSlot(slot, record.value())), DELIVERIES);
    }

    private void refuse(Record<byte[], byte[]> record, RouteSpans.Route span, Function<Call, ErrorBody> why) {
        RoutedCall routed = requireNonNull(CallCodec.decode(record.headers(), record.value()));
        Call call = routed.call();
        ErrorBody error = why.apply(call);
        span.refused(error);
        if (!call.reply() || routed.origin() == null) {
            LOG.atDebug().addKeyValue("function", call.functionId()).log("A void call was not run: {}", error);
            return;
        }
        Outcome outcome = new Outcome.Failure(error);
        long nowMs = context.currentSystemTimeMs();
        RecordHeaders headers =
                new RecordHeaders(OutcomeCodec.headers(call, routed.origin(), outcome, "/router", nowMs));
        ToSlot answer = new ToSlot(routed.origin().slot(), OutcomeCodec.value(outcome));
        byte[] key = call.invocationId().getBytes(UTF_8);
        boolean toKeeper = routed.origin().isKeeper();
        context.forward(
                new Record<>(key, answer, toKeeper ? nowMs : record.timestamp(), headers),
                toKeeper ? COMMANDS : RESULTS);
    }

    /** A foreign record may name a position that will never come, so the wait is bounded. */
    private boolean catchUp(long position) {
        try {
            return catalog.awaitPosition(position, CATALOG_WAIT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private RecordMetadata metadata() {
        return context.recordMetadata().orElseThrow();
    }

    private String position() {
        RecordMetadata metadata = metadata();
        return metadata.partition() + ":" + metadata.offset();
    }
}
