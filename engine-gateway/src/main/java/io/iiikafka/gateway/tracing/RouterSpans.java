package io.iiikafka.gateway.tracing;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.router.RouteSpans;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.apache.kafka.common.header.Headers;

/** The spans of the router, each below the caller's. */
public final class RouterSpans implements RouteSpans {

    private final Tracer tracer;

    private RouterSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** {@link RouteSpans#NONE} when nothing is exported. */
    public static RouteSpans of(Tracing tracing) {
        return tracing.enabled()
                ? new RouterSpans(tracing.openTelemetry().getTracer("io.iiikafka.router"))
                : RouteSpans.NONE;
    }

    @Override
    public Route begin(String functionId, Headers headers) {
        Context parent = Tracing.contextOf(headers);
        if (!Span.fromContext(parent).getSpanContext().isValid()) {
            return UNTRACED;
        }
        return new Traced(tracer.spanBuilder("route " + functionId)
                .setParent(parent)
                .setAttribute("function_id", functionId)
                .setAttribute("iii.function.kind", "internal")
                .startSpan());
    }

    private record Traced(Span span) implements Route {

        @Override
        public void delivered(int slot) {
            span.setAttribute("iii.slot", slot);
        }

        @Override
        public void refused(ErrorBody why) {
            span.setStatus(StatusCode.ERROR, why.message())
                    .setAttribute("error.type", why.code())
                    .setAttribute("error.message", why.message());
        }

        @Override
        public void end() {
            span.end();
        }
    }
}
