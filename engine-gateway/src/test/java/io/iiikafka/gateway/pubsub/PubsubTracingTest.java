package io.iiikafka.gateway.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The trace of an event (spec: pubsub.md 11.14). */
class PubsubTracingTest {

    private static final String TRACE = "cccccccccccccccccccccccccccccccc";

    @Test
    void shouldGoOnInThePublishersTraceAtEachSubscriber() {
        InMemorySpanExporter exported = InMemorySpanExporter.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .build();
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
                RawWorker subscriber = engine.worker("subscriber").serve("one").serve("two");
                RawWorker publisher = engine.worker("publisher")) {
            subscriber.trigger("t1", "subscribe", "one", "{\"topic\":\"t\"}", "");
            subscriber.trigger("t2", "subscribe", "two", "{\"topic\":\"t\"}", "");

            publisher.awaitResult(publisher.start(
                    "publish",
                    "{\"topic\":\"t\",\"data\":1}",
                    ",\"traceparent\":\"00-" + TRACE + "-dddddddddddddddd-01\""));
            JsonNode one = subscriber.nextCallOf("one");
            subscriber.answer(one, "null");
            JsonNode two = subscriber.nextCallOf("two");
            subscriber.fail(two, "boom");

            SpanData published = span(exported, "publish t", null);
            assertThat(delivery(published.getSpanContext(), one, exported).getStatus())
                    .isEqualTo(StatusData.ok());
            assertThat(delivery(published.getSpanContext(), two, exported).getStatus())
                    .isEqualTo(StatusData.create(StatusCode.ERROR, "no luck"));
        }
    }

    /** The span of the call, which its worker was told. */
    private static SpanData delivery(SpanContext publish, JsonNode call, InMemorySpanExporter exported) {
        String[] told = call.get("traceparent").textValue().split("-");
        assertThat(told[1]).isEqualTo(TRACE);
        SpanData delivery = span(exported, "process t", told[2]);
        assertThat(delivery.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(delivery.getParentSpanId()).isEqualTo(publish.getSpanId());
        assertThat(delivery.getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("messaging.system"), "iii-pubsub")
                .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "t")
                .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "process");
        return delivery;
    }

    /** @param id null: any */
    private static SpanData span(InMemorySpanExporter exported, String name, @Nullable String id) {
        return Awaitility.await().until(
                () -> exported.getFinishedSpanItems().stream()
                        .filter(span -> span.getTraceId().equals(TRACE) && span.getName().equals(name))
                        .filter(span -> id == null || span.getSpanId().equals(id))
                        .findFirst()
                        .orElse(null),
                Objects::nonNull);
    }
}
