package io.iiikafka.gateway.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.tracing.Tracing;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
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
            for (String function : new String[] {"one", "two"}) {
                JsonNode call = subscriber.nextCallOf(function);
                assertThat(call.get("traceparent").textValue()).startsWith("00-" + TRACE + "-");
                subscriber.answer(call, "null");
            }

            Awaitility.await().untilAsserted(() -> assertThat(exported.getFinishedSpanItems().stream()
                            .filter(span -> span.getTraceId().equals(TRACE))
                            .map(SpanData::getName))
                    .contains("publish t"));
        }
    }
}
