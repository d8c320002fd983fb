package io.iiikafka.gateway.queue;

import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.gateway.socket.EnqueueAction;
import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.topology.record.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** One span {@code enqueue <function> → <queue>} for each job that is enqueued within a trace (spec: queue.md section 9). */
final class EnqueueSpans {

    /**
     * A span under way.
     *
     * @param traceparent what happens to the job hangs below it
     */
    record Begun(@Nullable Span span, @Nullable String traceparent) {

        /** The handler, which also ends the span. */
        OutcomeHandler around(OutcomeHandler handler) {
            if (span == null) {
                return handler;
            }
            return outcome -> {
                switch (outcome) {
                    case Outcome.Success success -> span.setStatus(StatusCode.OK);
                    case Outcome.Failure failure ->
                        span.setStatus(StatusCode.ERROR, failure.error().message())
                                .setAttribute("error.type", failure.error().code());
                }
                span.end();
                handler.ended(outcome);
            };
        }
    }

    private final Tracing tracing;
    private final Tracer tracer;

    EnqueueSpans(Tracing tracing) {
        this.tracing = tracing;
        this.tracer = tracing.openTelemetry().getTracer("io.iiikafka.gateway.queue");
    }

    Begun begin(EnqueueAction.Wish wish) {
        Context parent = Tracing.contextOf(wish.traceparent());
        boolean traced = tracing.enabled()
                && (Span.fromContext(parent).getSpanContext().isValid() || tracing.alwaysTracesBuiltins());
        if (!traced) {
            return new Begun(null, wish.traceparent());
        }
        Span span = tracer.spanBuilder("enqueue " + wish.functionId() + " → " + wish.queue())
                .setParent(parent)
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("function_id", wish.functionId())
                .setAttribute("queue", wish.queue())
                .startSpan();
        SpanContext own = span.getSpanContext();
        return new Begun(
                span,
                "00-" + own.getTraceId() + "-" + own.getSpanId() + "-" + own.getTraceFlags().asHex());
    }
}
