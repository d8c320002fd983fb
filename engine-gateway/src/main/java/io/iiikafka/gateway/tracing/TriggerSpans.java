package io.iiikafka.gateway.tracing;

import io.iiikafka.topology.keeper.FiringSpans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/** The spans between a write and the calls of the triggers that it fired. */
public final class TriggerSpans implements FiringSpans {

    private final Tracer tracer;

    private TriggerSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** {@link FiringSpans#NONE} when nothing is exported. */
    public static FiringSpans of(Tracing tracing) {
        return tracing.enabled()
                ? new TriggerSpans(tracing.openTelemetry().getTracer("io.iiikafka.keeper"))
                : FiringSpans.NONE;
    }

    @Override
    public String make(String name, String traceparent) {
        Context parent = Tracing.contextOf(traceparent);
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            return traceparent;
        }
        Span span = tracer.spanBuilder(name)
                .setParent(parent)
                .setAttribute("iii.function.kind", "internal")
                .startSpan();
        span.end();
        SpanContext made = span.getSpanContext();
        return "00-" + made.getTraceId() + "-" + made.getSpanId() + "-" + made.getTraceFlags().asHex();
    }
}
