package io.iiikafka.gateway.http;

import java.util.concurrent.ThreadLocalRandom;

import io.iiikafka.gateway.http.route.Route;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One server span per matched request (spec: http.md 17). Without a tracing SDK the trace context that came in is
 * passed
 * on all the same, and where none came, a new one begins.
 */
final class RequestTracing {

    private static final TextMapGetter<HttpServerRequest> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(HttpServerRequest request) {
            return request.headers().names();
        }

        @Override
        public @Nullable String get(@Nullable HttpServerRequest request, String name) {
            return request == null ? null : joined(request, name);
        }
    };

    private final Tracer tracer;

    RequestTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("io.iiikafka.gateway.http");
    }

    /**
     * The trace of one request.
     *
     * @param traceparent for the calls that the request leads to
     * @param baggage as it came in
     */
    record Trace(Span span, String traceparent, @Nullable String baggage) {

        /** Ends the span; client errors and server errors alike mark it as failed. */
        void end(int status) {
            span.setAttribute("http.response.status_code", status);
            span.setStatus(status < 400 ? StatusCode.OK : StatusCode.ERROR);
            span.end();
        }
    }

    Trace begin(HttpServerRequest request, Route route) {
        Context parent = W3CTraceContextPropagator.getInstance().extract(Context.root(), request, HEADERS);
        Span span = tracer.spanBuilder(route.toString())
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .startSpan();
        if (span.isRecording()) {
            describe(span, request, route, Span.fromContext(parent).getSpanContext());
        }
        return new Trace(span, traceparent(span.getSpanContext()), joined(request, "baggage"));
    }

    /** Lists may be spread over several lines. */
    private static @Nullable String joined(HttpServerRequest request, String name) {
        String first = request.getHeader(name);
        return first == null || name.equals("traceparent")
                ? first
                : String.join(",", request.headers().getAll(name));
    }

    private static void describe(Span span, HttpServerRequest request, Route route, SpanContext parent) {
        String scheme = orElse(request.getHeader("x-forwarded-proto"), "http");
        String host = orElse(request.getHeader("host"), "");
        span.setAttribute("http.request.method", request.method().name())
                .setAttribute("http.route", route.template().text())
                .setAttribute("url.path", orElse(request.path(), ""))
                .setAttribute("url.query", queryKeys(request.query()))
                .setAttribute("url.scheme", scheme)
                .setAttribute("url.full", scheme + "://" + host + orElse(request.path(), ""))
                .setAttribute("server.address", host)
                .setAttribute("user_agent.original", orElse(request.getHeader("user-agent"), ""))
                .setAttribute("http.request.header.content_type", orElse(request.getHeader("content-type"), ""))
                .setAttribute("http.request.body.size", RequestBody.declaredLength(request))
                .setAttribute("iii.function.kind", route.functionId().startsWith("engine::") ? "internal" : "user");
        if (parent.isValid()) {
            span.addEvent(
                    "traceparent.propagated",
                    Attributes.of(
                            AttributeKey.stringKey("parent.trace_id"),
                            parent.getTraceId(),
                            AttributeKey.stringKey("traceparent"),
                            orElse(request.getHeader("traceparent"), "")));
        }
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }

    /** Values may be secrets. */
    private static String queryKeys(@Nullable String query) {
        return String.join("&", QueryString.parse(query).keySet());
    }

    private static String traceparent(SpanContext context) {
        if (context.isValid()) {
            return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-" + context.getTraceFlags().asHex();
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "00-" + TraceId.fromLongs(random.nextLong(), random.nextLong() | 1) + "-"
                + SpanId.fromLong(random.nextLong() | 1) + "-" + TraceFlags.getSampled().asHex();
    }
}
