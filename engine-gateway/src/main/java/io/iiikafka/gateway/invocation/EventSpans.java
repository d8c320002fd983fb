package io.iiikafka.gateway.invocation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.record.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/**
 * One span {@code process <topic>} for each call that tells of an event which was published within a trace (spec: pubsub.md 6),
 * from handing it to a worker to its answer. Any thread.
 */
final class EventSpans {

    /** Of more calls that nobody answers no end is awaited. */
    private static final int MOST_RUNNING = 10_000;

    /** @param traceparent of what is above the span */
    private record Running(Span span, String traceparent) {}

    private final boolean enabled;
    private final Tracer tracer;
    private final Map<String, Running> running = new ConcurrentHashMap<>();

    EventSpans(Tracing tracing) {
        this.enabled = tracing.enabled();
        this.tracer = tracing.openTelemetry().getTracer("io.iiikafka.gateway.pubsub");
    }

    /** The delivery as the worker is to get it: below the span, if there is one. */
    Delivery begin(Delivery delivery) {
        String topic = delivery.routed().topic();
        String traceparent = delivery.call().traceparent();
        if (!enabled || topic == null || traceparent == null) {
            return delivery;
        }
        Context parent = Tracing.contextOf(traceparent);
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            return delivery;
        }
        Span span = tracer.spanBuilder("process " + topic)
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("function_id", delivery.call().functionId())
                .setAttribute("messaging.system", "iii-pubsub")
                .setAttribute("messaging.destination.name", topic)
                .setAttribute("messaging.operation.type", "process")
                .startSpan();
        Running before = null;
        if (running.size() < MOST_RUNNING) {
            before = running.put(delivery.call().invocationId(), new Running(span, traceparent));
        } else {
            span.end();
        }
        if (before != null) {
            before.span().end(); // told twice, as can be after a crash
        }
        SpanContext own = span.getSpanContext();
        return delivery.below("00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + own.getTraceFlags().asHex());
    }

    /** The worker has answered, or left. */
    void end(Delivery delivery, Outcome outcome) {
        Running ended = delivery.routed().topic() == null ? null : running.remove(delivery.call().invocationId());
        if (ended == null) {
            return;
        }
        Span span = ended.span();
        switch (outcome) {
            case Outcome.Success success -> span.setStatus(StatusCode.OK);
            case Outcome.Failure failure -> {
                ErrorBody error = failure.error();
                span.setStatus(StatusCode.ERROR, error.message()).setAttribute("error.type", error.code());
            }
        }
        span.end();
    }

    /** The worker did not get it; gives the delivery as it was. */
    Delivery leave(Delivery delivery) {
        Running left = delivery.routed().topic() == null ? null : running.remove(delivery.call().invocationId());
        if (left == null) {
            return delivery;
        }
        left.span().end();
        return delivery.below(left.traceparent());
    }
}
