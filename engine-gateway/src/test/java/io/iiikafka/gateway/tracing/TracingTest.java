package io.iiikafka.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** One call is one trace, through sockets, records and HTTP (spec: protocol.md 5.5, http.md 17). */
class TracingTest {

    private static final String TRACE = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String PARENT = "00-" + TRACE + "-bbbbbbbbbbbbbbbb-01";

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    private TestEngine engine() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(exported))
                        .build())
                .build();
        return TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
    }

    private List<String> spansOfTheTrace() {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(TRACE))
                .map(SpanData::getName)
                .toList();
    }

    @Test
    void shouldHangItsSpansIntoTheCallersTraceAndLeaveTheCalleesParentAlone() {
        try (TestEngine engine = engine();
                RawWorker callee = engine.worker("callee").serve("math::add");
                RawWorker caller = engine.worker("caller")) {
            String id = caller.start("math::add", "{}", ",\"traceparent\":\"" + PARENT + "\"");
            JsonNode call = callee.next("invokefunction");
            callee.answer(call, "1");
            JsonNode result = caller.awaitResult(id);

            assertThat(call.get("traceparent").textValue()).isEqualTo(PARENT);
            assertThat(result.get("traceparent").textValue()).isEqualTo(PARENT);
            Awaitility.await().untilAsserted(() -> assertThat(spansOfTheTrace())
                    .anyMatch(name -> name.contains("invocations"))
                    .anyMatch(name -> name.contains("results"))
                    .contains("route math::add"));
        }
    }

    @Test
    void shouldSayInTheRoutersSpanWhyACallWasRefused() {
        try (TestEngine engine = engine();
                RawWorker caller = engine.worker("caller")) {
            caller.awaitResult(caller.start("no::body", "{}", ",\"traceparent\":\"" + PARENT + "\""));
            caller.awaitResult(caller.start("no::trace", "{}"));

            Awaitility.await().untilAsserted(() -> assertThat(spansOfTheTrace()).contains("route no::body"));
            SpanData refused = exported.getFinishedSpanItems().stream()
                    .filter(span -> span.getName().equals("route no::body"))
                    .findFirst()
                    .orElseThrow();
            assertThat(refused.getParentSpanId()).isEqualTo("bbbbbbbbbbbbbbbb");
            assertThat(refused.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(refused.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("function_not_found");
            assertThat(exported.getFinishedSpanItems()).noneMatch(span -> span.getName().equals("route no::trace"));
        }
    }

    @Test
    void shouldMakeAnHttpRequestPartOfItsClientsTrace() throws Exception {
        try (TestEngine engine = engine();
                RawWorker worker = engine.worker("w").serve("api::get")) {
            worker.send("{\"type\":\"registertrigger\",\"id\":\"t\",\"trigger_type\":\"http\",\"function_id\":\"api::get\","
                    + "\"config\":{\"api_path\":\"/traced\"}}");
            worker.call("engine::registered-triggers::list", "{}");
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + engine.gateway().http().port() + "/traced"))
                    .header("traceparent", PARENT)
                    .build();
            var answer = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
            JsonNode call = worker.next("invokefunction");
            worker.answer(call, "{\"body\":{}}");

            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(call.get("traceparent").textValue()).contains(TRACE);
            Awaitility.await().untilAsserted(() -> assertThat(spansOfTheTrace()).contains("GET /traced"));
        }
    }

    @Test
    void shouldExportOnlyWhenTheEnvironmentAsksForIt() {
        assertThat(Tracing.fromEnvironment(Map.of()).enabled()).isFalse();
        assertThat(Tracing.fromEnvironment(Map.of(
                                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318", "OTEL_SDK_DISABLED", "true"))
                        .enabled())
                .isFalse();
        try (Tracing on = Tracing.fromEnvironment(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318"))) {
            assertThat(on.enabled()).isTrue();
        }
    }

    @Test
    void shouldBeginATraceForEachScheduledRun() {
        try (TestEngine engine = engine();
                RawWorker worker = engine.worker("w").serve("jobs::f")) {
            worker.trigger("t", "cron", "jobs::f", "{\"expression\":\"* * * * * *\"}", "");
            JsonNode first = worker.nextCallOf("jobs::f");
            worker.answer(first, "null");
            worker.fail(worker.nextCallOf("jobs::f"), "boom");

            Awaitility.await().untilAsserted(() -> assertThat(scheduled())
                    .extracting(span -> span.getStatus().getStatusCode())
                    .startsWith(StatusCode.OK, StatusCode.ERROR));
            SpanData span = scheduled().getFirst();
            assertThat(first.get("traceparent").textValue())
                    .startsWith("00-" + span.getTraceId() + "-" + span.getSpanId());
            assertThat(span.getParentSpanContext().isValid()).isFalse();
            assertThat(span.getAttributes().get(AttributeKey.stringKey("job_id"))).isEqualTo("t");
            assertThat(span.getAttributes().get(AttributeKey.stringKey("faas.trigger"))).isEqualTo("timer");
            assertThat(span.getAttributes().get(AttributeKey.stringKey("iii.cron.expression"))).isEqualTo("* * * * * *");
            assertThat(span.getAttributes().get(AttributeKey.longKey("iii.cron.lateness_ms"))).isNotNegative();
        }
    }

    private List<SpanData> scheduled() {
        return exported.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals("call jobs::f") && span.getAttributes()
                                .get(AttributeKey.stringKey("faas.trigger"))
                        != null)
                .toList();
    }

    @Test
    void shouldTellSubscribersInTheTraceOfThePublisher() {
        try (TestEngine engine = engine();
                RawWorker worker = engine.worker("w").serve("hear::f")) {
            worker.trigger("t", "subscribe", "hear::f", "{\"topic\":\"orders\"}", "");
            worker.send("{\"type\":\"invokefunction\",\"invocation_id\":\"p\",\"function_id\":\"publish\","
                    + "\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\","
                    + "\"data\":{\"topic\":\"orders\",\"data\":1}}");
            assertThat(worker.nextCallOf("hear::f").get("traceparent").textValue())
                    .startsWith("00-0af7651916cd43dd8448eb211c80319c-");
            Awaitility.await().untilAsserted(() -> assertThat(exported.getFinishedSpanItems())
                    .anyMatch(span -> span.getName().equals("publish orders")
                            && span.getTraceId().equals("0af7651916cd43dd8448eb211c80319c")));
        }
    }
}
