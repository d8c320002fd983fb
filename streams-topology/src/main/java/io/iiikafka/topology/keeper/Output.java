package io.iiikafka.topology.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.CallCodec;
import io.iiikafka.topology.record.HeaderNames;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.OutcomeCodec;
import io.iiikafka.topology.record.PushCodec;
import io.iiikafka.topology.record.RoutedCall;
import io.iiikafka.topology.record.ToSlot;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records that commands come to: answers, pushes, events, and calls, each on its way to who is to have it. */
final class Output {

    static final String RESULTS = "to-results";
    static final String INVOCATIONS = "to-invocations";
    static final String DELIVERIES = "to-deliveries";
    static final String STREAM_EVENTS = "to-stream-events";
    static final String EVENTS = "to-events";
    static final String COMMANDS = "to-commands";

    private static final byte[] JSON = "application/json".getBytes(UTF_8);
    private static final Logger LOG = LoggerFactory.getLogger(Output.class);

    private final ProcessorContext<byte[], Object> context;
    private final Catalog catalog;
    private final Shortcut shortcut;

    Output(ProcessorContext<byte[], Object> context, Catalog catalog) {
        this.context = context;
        this.catalog = catalog;
        this.shortcut = new Shortcut(catalog, context.taskId().partition());
    }

    /** What is told at once: frames, events, and the answers to commands that have waited. */
    void tell(Decision decision, long nowMs) {
        decision.pushes().forEach(this::push);
        decision.events().forEach(this::log);
        decision.answers().forEach(answer -> answer(answer.to(), answer.outcome(), nowMs));
    }

    void answer(Command command, Outcome outcome, long nowMs) {
        Call call = command.call();
        Origin origin = command.origin();
        if (!call.reply() || origin == null) {
            if (outcome instanceof Outcome.Failure failure) {
                LOG.atDebug()
                        .addKeyValue("function", call.functionId())
                        .log("A void command was refused: {}", failure.error());
            }
            return;
        }
        RecordHeaders headers = new RecordHeaders(
                OutcomeCodec.headers(call, origin, outcome, "/keeper", nowMs));
        context.forward(
                new Record<>(
                        call.invocationId().getBytes(UTF_8),
                        new ToSlot(origin.slot(), OutcomeCodec.value(outcome)),
                        nowMs,
                        headers),
                RESULTS);
    }

    private void push(Push push) {
        RecordHeaders headers = new RecordHeaders(
                PushCodec.headers(push.gateway(), push.slot(), push.eventId(), push.offset(), push.logged()));
        context.forward(
                new Record<>(
                        push.key().getBytes(UTF_8),
                        new ToSlot(push.slot(), push.frame().toBytes()),
                        push.timestampMs(),
                        headers),
                RESULTS);
    }

    private void log(LoggedEvent event) {
        RecordHeaders headers = new RecordHeaders(event.headers());
        headers.add(HeaderNames.CONTENT_TYPE, JSON);
        context.forward(
                new Record<>(
                        event.key().getBytes(UTF_8), event.value().toBytes(), event.timestampMs(), headers),
                event.log() == LoggedEvent.Log.PUBLISHED ? EVENTS : STREAM_EVENTS);
    }

    /** A command that is run when what it follows from is committed. */
    void leave(Later later, long nowMs) {
        RoutedCall routed = new RoutedCall(later.call(), null, catalog.position(), 0);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("", null, later.owner().getBytes(UTF_8), routed, nowMs);
        context.forward(new Record<>(record.key(), record.value(), nowMs, record.headers()), COMMANDS);
        context.commit(); // what others command there waits behind it until then
    }

    /** The slot of a gateway to which the call can go without the router; null: there is none. */
    @Nullable Integer slot(RoutedCall routed) {
        return shortcut.slot(routed);
    }

    /** To a gateway, without the router when it can be. */
    void deliver(RoutedCall routed, long nowMs) {
        Integer slot = shortcut.slot(routed);
        if (slot == null) {
            call(routed, nowMs);
            return;
        }
        deliver(slot, List.of(routed), nowMs);
    }

    void deliver(int slot, List<RoutedCall> together, long nowMs) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("", together, nowMs);
        context.forward(
                new Record<>(record.key(), new ToSlot(slot, record.value()), nowMs, record.headers()), DELIVERIES);
    }

    /** By way of the router. */
    void call(RoutedCall routed, long nowMs) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("", routed, nowMs);
        context.forward(new Record<>(record.key(), record.value(), nowMs, record.headers()), INVOCATIONS);
    }

    /** What must not be done twice is not begun before it is known to be noted; the commit does not keep it waiting. */
    void callAfterCommit(RoutedCall routed, long nowMs) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("", routed, nowMs);
        record.headers().add(KeeperProducer.AFTER_COMMIT, new byte[0]);
        context.forward(new Record<>(record.key(), record.value(), nowMs, record.headers()), INVOCATIONS);
        context.commit();
    }
}
