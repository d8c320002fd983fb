package io.iiikafka.gateway.tracing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.keeper.job.Attempt;
import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * One span for each delivery of a job that was enqueued or published within a trace (spec: queue.md section 9):
 * {@code fn_queue <queue>} or {@code queue <topic>}, from the delivery to its answer, below what enqueued it.
 */
final class QueueSpans implements DeliverySpans {

    /** Of more deliveries that nobody answers no end is awaited. */
    private static final int MOST_RUNNING = 10_000;

    private final Map<String, Span> running = new ConcurrentHashMap<>();
    private final Tracer tracer;

    QueueSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public @Nullable String begin(Attempt attempt) {
        Context parent = Tracing.contextOf(attempt.call().traceparent());
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            return null;
        }
        String name = Agreements.nameOf(attempt.queue());
        boolean topic = EntryKey.isSubscription(attempt.queue());
        SpanBuilder builder = tracer.spanBuilder((topic ? "queue " : "fn_queue ") + name)
                .setParent(parent)
                .setSpanKind(SpanKind.CONSUMER);
        if (attempt.redrivenBy() != null) {
            builder.addLink(Span.fromContext(Tracing.contextOf(attempt.redrivenBy())).getSpanContext());
        }
        Span span = builder.startSpan();
        if (span.isRecording()) {
            describe(span, attempt, name, topic);
            if (running.size() < MOST_RUNNING) {
                running.put(attempt.call().invocationId(), span);
            } else {
                span.end();
            }
        }
        SpanContext own = span.getSpanContext();
        return "00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + own.getTraceFlags().asHex();
    }

    private static void describe(Span span, Attempt attempt, String name, boolean topic) {
        String function = attempt.call().functionId();
        span.setAttribute("function_id", function)
                .setAttribute("queue", name)
                .setAttribute("attempt", attempt.made())
                .setAttribute(topic ? "job_id" : "delivery_id", attempt.receipt())
                .setAttribute("messaging.system", "iii-queue")
                .setAttribute("messaging.destination.name", name)
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("iii.tag.kind", "queue.process")
                .setAttribute("iii.tag.display_name", "queue(" + name + ") " + function);
        if (topic) {
            span.setAttribute("baggage.queue", name);
        }
    }

    @Override
    public void end(String invocationId, @Nullable RawJson error) {
        Span span = running.remove(invocationId);
        if (span == null) {
            return;
        }
        if (error == null) {
            span.setStatus(StatusCode.OK);
        } else {
            JsonNode why = error.toTree();
            span.setStatus(StatusCode.ERROR, why.path("message").asText())
                    .setAttribute("error.type", why.path("code").asText());
        }
        span.end();
    }

    @Override
    public void leave(String invocationId) {
        Span span = running.remove(invocationId);
        if (span != null) {
            span.end();
        }
    }
}
