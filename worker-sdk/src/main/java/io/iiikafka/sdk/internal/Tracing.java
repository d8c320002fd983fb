package io.iiikafka.sdk.internal;

import java.util.List;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.protocol.Frame;

/**
 * Between frames and OpenTelemetry. The frame's fields are W3C's whatever propagators the application configured;
 * without an OpenTelemetry SDK no spans are made, and the caller's context passes through to nested calls.
 */
final class Tracing {

    private static final TextMapPropagator PROPAGATOR =
            TextMapPropagator.composite(W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance());

    private final @Nullable OpenTelemetry openTelemetry;

    Tracing(@Nullable OpenTelemetry openTelemetry) {
        this.openTelemetry = openTelemetry;
    }

    /** The fields of an outgoing call, from the current context. */
    static Fields current() {
        Context context = Context.current();
        if (context == Context.root()) {
            return Fields.NONE;
        }
        Fields fields = new Fields();
        PROPAGATOR.inject(context, fields, (carrier, key, value) -> {
            if (carrier != null && key.equals("traceparent")) {
                carrier.traceparent = value;
            } else if (carrier != null && key.equals("baggage")) {
                carrier.baggage = value;
            }
        });
        return fields;
    }

    /** The caller's context. */
    static Context callerOf(Frame.InvokeFunction call) {
        if (call.traceparent() == null && call.baggage() == null) {
            return Context.root();
        }
        return PROPAGATOR.extract(Context.root(), call, CallFields.INSTANCE);
    }

    /** A span for running the function; one that is not recorded when there is no OpenTelemetry SDK. */
    Span execution(String functionId, Context caller) {
        OpenTelemetry current = openTelemetry != null ? openTelemetry : GlobalOpenTelemetry.getOrNoop();
        return current.getTracer("io.iiikafka.sdk")
                .spanBuilder("execute " + functionId)
                .setParent(caller)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("iii.function.id", functionId)
                .startSpan();
    }

    static void fail(Span span, Throwable failure) {
        span.setStatus(StatusCode.ERROR);
        try {
            span.recordException(failure);
            span.setStatus(StatusCode.ERROR, failure.toString());
        } catch (RuntimeException | Error unspeakable) {
            // An exception that fails itself when it is asked what it is.
        }
    }

    static final class Fields {

        private static final Fields NONE = new Fields();

        private @Nullable String traceparent;
        private @Nullable String baggage;

        @Nullable String traceparent() {
            return traceparent;
        }

        @Nullable String baggage() {
            return baggage;
        }
    }

    private enum CallFields implements TextMapGetter<Frame.InvokeFunction> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Frame.InvokeFunction call) {
            return List.of("traceparent", "baggage");
        }

        @Override
        public @Nullable String get(Frame.@Nullable InvokeFunction call, String key) {
            if (call == null) {
                return null;
            }
            return switch (key) {
                case "traceparent" -> call.traceparent();
                case "baggage" -> call.baggage();
                default -> null;
            };
        }
    }
}
