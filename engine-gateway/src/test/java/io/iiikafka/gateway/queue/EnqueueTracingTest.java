package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The trace of a job (spec: queue.md 9, 15.19). */
class EnqueueTracingTest {

    private static final InMemorySpanExporter EXPORTED = InMemorySpanExporter.create();
    private static final String TRACE = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static List<SpanData> spans(String name) {
        return EXPORTED.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(TRACE) && span.getName().equals(name))
                .toList();
    }

    @Test
    void shouldGoOnInTheProducersTraceThroughARetry() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(EXPORTED))
                        .build())
                .build();
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
                RawWorker worker = engine.worker("worker").serve("mail::send")) {
            worker.start(
                    "mail::send",
                    "1",
                    ",\"action\":{\"type\":\"enqueue\",\"queue\":\"payments\"},\"baggage\":\"iii.session.id=s\","
                            + "\"traceparent\":\"00-" + TRACE + "-bbbbbbbbbbbbbbbb-01\"");
            JsonNode first = worker.called("mail::send");
            worker.fail(first, "boom");
            JsonNode second = worker.called("mail::send");
            worker.answer(second, "null");

            Awaitility.await().untilAsserted(() -> assertThat(spans("enqueue mail::send → payments")).hasSize(1));
            SpanData enqueue = spans("enqueue mail::send → payments").getFirst();
            assertThat(enqueue.getParentSpanId()).isEqualTo("bbbbbbbbbbbbbbbb");
            assertThat(enqueue.getAttributes().get(AttributeKey.stringKey("queue"))).isEqualTo("payments");
            assertThat(enqueue.getAttributes().get(AttributeKey.stringKey("function_id"))).isEqualTo("mail::send");
            for (JsonNode delivery : List.of(first, second)) {
                assertThat(delivery.get("traceparent").textValue()).contains(TRACE);
                assertThat(delivery.get("baggage").textValue()).contains("iii.session.id=s").contains("iii.function.id=mail");
            }
        }
    }
}
