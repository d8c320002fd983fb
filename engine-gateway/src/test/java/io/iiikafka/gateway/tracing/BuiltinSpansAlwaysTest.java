package io.iiikafka.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;

import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code III_OTEL_TRACE_BUILTINS}: calls of the engine's own functions have spans, in a trace or not. */
class BuiltinSpansAlwaysTest {

    @ParameterizedTest
    @CsvSource({"1,true", "true,true", "0,false", "'',false", "yes please,false"})
    void shouldBeSwitchedOnByTheEnvironment(String value, boolean on) {
        Tracing tracing = Tracing.fromEnvironment(Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9", "III_OTEL_TRACE_BUILTINS", value));

        assertThat(tracing.enabled()).isTrue();
        assertThat(tracing.alwaysTracesBuiltins()).isEqualTo(on);
    }

    @Test
    void shouldBeginATraceForACallThatIsInNone() {
        InMemorySpanExporter exported = InMemorySpanExporter.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .build();
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk, true));
                RawWorker worker = engine.worker("always")) {
            worker.call("state::get", "{\"scope\":\"s\",\"key\":\"k\"}");

            Awaitility.await().untilAsserted(() -> assertThat(exported.getFinishedSpanItems())
                    .filteredOn(span -> span.getName().equals("call state::get"))
                    .extracting(SpanData::getParentSpanId)
                    .containsExactly(SpanId.getInvalid()));
        }
    }
}
