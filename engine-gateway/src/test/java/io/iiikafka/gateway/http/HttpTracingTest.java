package io.iiikafka.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;

import io.iiikafka.topology.record.Call;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server span of a request, and what of its trace the calls carry (spec: http.md 17). */
class HttpTracingTest {

    private static final String TRACE = "a".repeat(32);
    private static final String PARENT = "b".repeat(16);

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .build();
    private HttpFixture http;

    @BeforeEach
    void start() {
        http = new HttpFixture(HttpFixture.LIMITS, sdk);
        http.functions.answer("f", "{\"status_code\":201,\"body\":1}");
        http.route("POST", "/items/:id", "f");
    }

    @AfterEach
    void stop() {
        http.close();
        sdk.close();
    }

    private SpanData span() {
        Awaitility.await().until(() -> exported.getFinishedSpanItems().size() == 1);
        return exported.getFinishedSpanItems().getFirst();
    }

    @Test
    void shouldContinueTheClientsTraceWithItsStateAndBaggageOfSeveralLines() {
        http.send("/items/7", request -> request.header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                .header("tracestate", "one=1")
                .header("tracestate", "two=2")
                .header("baggage", "a=1")
                .header("baggage", "b=2")
                .POST(HttpRequest.BodyPublishers.noBody()));

        SpanData span = span();
        assertThat(span.getTraceId()).isEqualTo(TRACE);
        assertThat(span.getParentSpanId()).isEqualTo(PARENT);
        assertThat(span.getSpanContext().getTraceState().get("one")).isEqualTo("1");
        assertThat(span.getSpanContext().getTraceState().get("two")).isEqualTo("2");
        assertThat(span.getEvents()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("traceparent.propagated");
            assertThat(event.getAttributes().get(AttributeKey.stringKey("parent.trace_id"))).isEqualTo(TRACE);
        });
        Call call = http.functions.calls("f").getFirst();
        assertThat(call.traceparent()).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
        assertThat(call.baggage()).isEqualTo("a=1,b=2");
    }

    @Test
    void shouldDescribeTheRequestWithoutSecretsOfItsQuery() {
        http.post("/items/7?token=secret&q", "application/json", "{}");

        SpanData span = span();
        assertThat(span.getName()).isEqualTo("POST /items/:id");
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
        assertThat(span.getAttributes().asMap().toString()).doesNotContain("secret");
        assertThat(text(span, "http.request.method")).isEqualTo("POST");
        assertThat(text(span, "http.route")).isEqualTo("/items/:id");
        assertThat(text(span, "url.path")).isEqualTo("/items/7");
        assertThat(text(span, "url.query")).isEqualTo("token&q");
        assertThat(text(span, "http.request.header.content_type")).isEqualTo("application/json");
        assertThat(text(span, "iii.function.kind")).isEqualTo("user");
        assertThat(span.getAttributes().get(AttributeKey.longKey("http.request.body.size"))).isEqualTo(2);
        assertThat(span.getAttributes().get(AttributeKey.longKey("http.response.status_code"))).isEqualTo(201);
    }

    private static String text(SpanData span, String attribute) {
        return span.getAttributes().get(AttributeKey.stringKey(attribute));
    }

    @Test
    void shouldMarkTheSpanAsFailedFrom400On() {
        http.functions.answer("f", "{\"status_code\":404}");
        http.post("/items/7", null, "");

        assertThat(span().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    }

    @Test
    void shouldNotTraceRequestsThatMeetNoRoute() {
        http.get("/nowhere");
        http.get("/items/7");
        http.functions.answer("f", "{\"status_code\":302,\"headers\":{\"location\":\"/x\"}}");
        http.post("/items/7", null, "");

        assertThat(span().getStatus().getStatusCode()).as("302 is no error").isEqualTo(StatusCode.OK);
    }
}
