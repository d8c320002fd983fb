package io.iiikafka.sdk;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.iiikafka.sdk.protocol.Action;
import io.iiikafka.sdk.protocol.Frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Timeout(30)
class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    @RegisterExtension
    static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

    private FakeEngine engine;

    @BeforeEach
    void start() throws Exception {
        engine = new FakeEngine();
    }

    @AfterEach
    void close() throws Exception {
        engine.close();
    }

    private static WorkerOptionsBuilder options() {
        return WorkerOptions.builder().keepAlive(false);
    }

    private void call(String functionId) {
        engine.last().await(Frame.RegisterFunction.class, f -> f.id().equals(functionId));
        engine.last().send(new Frame.InvokeFunction(
                "i-1", functionId, null, TRACEPARENT, "tenant=t1,iii.function.id=outer", Action.SYNC, null, null));
    }

    @Test
    void shouldPassTheCallersContextThroughWhenThereIsNoOpenTelemetrySdk() throws Exception {
        WorkerOptions without = options().openTelemetry(OpenTelemetry.noop()).build();
        try (Worker worker = Iii.connect(engine.address(), without)) {
            AtomicReference<String> tenant = new AtomicReference<>();
            worker.function("outer", json -> {
                tenant.set(Baggage.current().getEntryValue("tenant"));
                worker.triggerVoid("inner", json);
                return null;
            });
            worker.awaitConnected(Duration.ofSeconds(5));

            call("outer");

            Frame.InvokeFunction nested =
                    engine.last().await(Frame.InvokeFunction.class, f -> f.functionId().equals("inner"));
            assertThat(nested.traceparent()).isEqualTo(TRACEPARENT);
            assertThat(nested.baggage()).contains("tenant=t1");
            assertThat(tenant.get()).isEqualTo("t1");
        }
    }

    @Test
    void shouldMakeASpanForEachCallServed() throws Exception {
        try (Worker worker = Iii.connect(engine.address(), options().openTelemetry(TELEMETRY.getOpenTelemetry()).build())) {
            AtomicReference<String> inside = new AtomicReference<>();
            worker.function("outer", json -> {
                inside.set(Span.current().getSpanContext().getSpanId());
                worker.triggerVoid("inner", json);
                throw new IllegalStateException("broken");
            });
            worker.awaitConnected(Duration.ofSeconds(5));

            call("outer");

            Frame.InvokeFunction nested =
                    engine.last().await(Frame.InvokeFunction.class, f -> f.functionId().equals("inner"));
            await().until(() -> !TELEMETRY.getSpans().isEmpty());
            SpanData span = TELEMETRY.getSpans().getFirst();
            assertThat(span.getName()).isEqualTo("execute outer");
            assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusData.error().getStatusCode());
            assertThat(inside.get()).isEqualTo(span.getSpanId());
            assertThat(nested.traceparent()).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
        }
    }

    @Test
    void shouldSendNoContextWhenThereIsNone() throws Exception {
        try (Worker worker = Iii.connect(engine.address(), options().build())) {
            worker.awaitConnected(Duration.ofSeconds(5));
            worker.triggerVoid("plain", null);

            Frame.InvokeFunction plain =
                    engine.last().await(Frame.InvokeFunction.class, f -> f.functionId().equals("plain"));
            assertThat(plain.traceparent()).isNull();
            assertThat(plain.baggage()).isNull();
        }
    }
}
