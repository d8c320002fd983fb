package io.iiikafka.gateway.tracing;

import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.FiringSpans;
import io.iiikafka.topology.keeper.job.DeliverySpans;
import io.iiikafka.topology.record.Call;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

/** The spans between a write and the calls of the triggers that it fired, and those that schedules begin with. */
public final class TriggerSpans implements FiringSpans {

    /** Of more runs that nobody answers no end is awaited. */
    private static final int MOST_RUNNING = 10_000;

    private final Map<String, Span> running = new ConcurrentHashMap<>();
    private final Tracer tracer;
    private final DeliverySpans deliveries;

    private TriggerSpans(Tracer tracer) {
        this.tracer = tracer;
        this.deliveries = new QueueSpans(tracer);
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
        return traceparent(span);
    }

    private static String traceparent(Span span) {
        SpanContext made = span.getSpanContext();
        return "00-" + made.getTraceId() + "-" + made.getSpanId() + "-" + made.getTraceFlags().asHex();
    }

    @Override
    public DeliverySpans deliveries() {
        return deliveries;
    }

    @Override
    public String begin(Call scheduled, String expression) {
        JsonNode data = scheduled.data() == null ? RawJson.NULL.toTree() : scheduled.data().toTree();
        JsonNode tick = data.path("scheduled_time");
        Span span = tracer.spanBuilder("call " + scheduled.functionId())
                .setNoParent()
                .setSpanKind(SpanKind.PRODUCER)
                .setAttribute("function_id", scheduled.functionId())
                .setAttribute("job_id", data.path("job_id").asText())
                .setAttribute("faas.trigger", "timer")
                .setAttribute("iii.cron.expression", expression)
                .setAttribute("iii.cron.scheduled_time", tick.asText())
                .startSpan();
        if (!tick.isMissingNode()) {
            long tickMs = OffsetDateTime.parse(tick.asText()).toInstant().toEpochMilli();
            span.setAttribute("iii.cron.lateness_ms", System.currentTimeMillis() - tickMs);
        }
        if (running.size() < MOST_RUNNING) {
            running.put(scheduled.invocationId(), span);
        } else {
            span.end();
        }
        return traceparent(span);
    }

    @Override
    public void end(String invocationId, boolean success) {
        Span span = running.remove(invocationId);
        if (span != null) {
            span.setStatus(success ? StatusCode.OK : StatusCode.ERROR);
            span.end();
        }
    }
}
