package io.iiikafka.gateway.invocation;

import java.util.List;

import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * One span {@code call <function>} for each call of a function of the engine's own, the gateway's or the keeper's, that is
 * part of a trace (spec: observability.md 7.2, state.md 2.10, stream.md 2.8). Calls about the engine's own feeds have none,
 * and lose their trace: what reports spans would report itself, for ever (stream.md 6.1.9). Those of the functions that
 * handle telemetry have none either (observability.md 7.5).
 */
final class BuiltinSpans {

    private static final String OWN_FEEDS = "iii:devtools:";
    private static final List<String> TELEMETRY = List.of(
            "engine::traces::",
            "engine::logs::",
            "engine::log::",
            "engine::metrics::",
            "engine::baggage::",
            "engine::sampling::",
            "engine::health::",
            "engine::alerts::",
            "engine::rollups::",
            "iii-observability::");

    private final Tracing tracing;
    private final Tracer tracer;

    BuiltinSpans(Tracing tracing) {
        this.tracing = tracing;
        this.tracer = tracing.openTelemetry().getTracer("io.iiikafka.gateway.keeper");
    }

    /** The call as it is to be written. */
    Call traced(Call call) {
        return tracing.enabled() && call.traceparent() != null && isOfOwnFeed(call) ? call.withoutTrace() : call;
    }

    /** The handler, which also ends the span of the call; the handler itself when there is no span. */
    OutcomeHandler around(Call call, OutcomeHandler handler) {
        Span span = begin(call);
        if (span == null) {
            return handler;
        }
        return outcome -> {
            end(span, outcome);
            handler.ended(outcome);
        };
    }

    /** The span of a call that nobody waits for ends when it is written. */
    void ofVoid(Call call) {
        Span span = begin(call);
        if (span != null) {
            span.end();
        }
    }

    private @Nullable Span begin(Call call) {
        if (!tracing.enabled() || isOfTelemetry(call) || isOfOwnFeed(call)) {
            return null;
        }
        Context parent = Tracing.contextOf(call.traceparent());
        if (!Span.fromContext(parent).getSpanContext().isValid() && !tracing.alwaysTracesBuiltins()) {
            return null;
        }
        return tracer.spanBuilder("call " + call.functionId())
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("faas.invoked_name", call.functionId())
                .setAttribute("faas.trigger", "other")
                .setAttribute("function_id", call.functionId())
                .setAttribute("iii.function.kind", "internal")
                .startSpan();
    }

    private static void end(Span span, Outcome outcome) {
        switch (outcome) {
            case Outcome.Success success -> span.setStatus(StatusCode.OK);
            case Outcome.Failure failure -> {
                ErrorBody error = failure.error();
                span.setStatus(StatusCode.ERROR, error.message())
                        .setAttribute("error.type", error.code())
                        .setAttribute("error.message", error.message());
            }
        }
        span.end();
    }

    private static boolean isOfTelemetry(Call call) {
        return TELEMETRY.stream().anyMatch(call.functionId()::startsWith);
    }

    private static boolean isOfOwnFeed(Call call) {
        RawJson data = call.data();
        if (data == null || !call.functionId().startsWith("stream::")) {
            return false;
        }
        boolean[] own = new boolean[1];
        data.forEachMember((member, value) -> {
            if (member.equals("stream_name")) {
                String stream = value.text();
                own[0] = stream != null && stream.startsWith(OWN_FEEDS);
            }
        });
        return own[0];
    }
}
