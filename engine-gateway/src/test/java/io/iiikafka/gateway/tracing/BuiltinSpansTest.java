package io.iiikafka.gateway.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;

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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Spans of the engine's own functions (spec: observability.md 7.2, 7.5, state.md 2.10, 5.3.10, stream.md 2.8, 6.1.9). */
class BuiltinSpansTest {

    private static final InMemorySpanExporter EXPORTED = InMemorySpanExporter.create();
    private static final String CALLER = "bbbbbbbbbbbbbbbb";

    private static TestEngine engine;

    private final String id = UUID.randomUUID().toString();
    private final String trace = id.replace("-", "");
    private RawWorker worker;

    @BeforeAll
    static void start() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(EXPORTED))
                        .build())
                .build();
        engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @BeforeEach
    void connect() {
        worker = engine.worker("traced-" + id);
    }

    @AfterEach
    void disconnect() {
        worker.close();
    }

    private JsonNode call(String function, String data) {
        return worker.awaitResult(worker.start(function, data, traceparent()));
    }

    private String traceparent() {
        return ",\"traceparent\":\"00-" + trace + "-" + CALLER + "-01\"";
    }

    private List<SpanData> spans(String name) {
        return EXPORTED.getFinishedSpanItems().stream()
                .filter(span -> span.getTraceId().equals(trace) && span.getName().equals(name))
                .toList();
    }

    private SpanData only(String name) {
        Awaitility.await().untilAsserted(() -> assertThat(spans(name)).hasSize(1));
        return spans(name).getFirst();
    }

    private void trigger(String type, String config) {
        worker.serve("on-" + id);
        worker.send("{\"type\":\"registertrigger\",\"id\":\"" + id + "\",\"trigger_type\":\"" + type + "\",\"function_id\":\"on-" + id
                + "\",\"config\":" + config + "}");
        worker.call("engine::registered-triggers::list", "{}"); // it has been read when this is answered
    }

    @Test
    void shouldHangOneSpanForACallIntoItsTrace() {
        JsonNode result = call("state::set", "{\"scope\":\"" + id + "\",\"key\":\"k\",\"value\":1}");
        assertThat(result.get("traceparent").textValue()).contains(CALLER);
        SpanData span = only("call state::set");
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("iii.function.kind"))).isEqualTo("internal");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("function_id"))).isEqualTo("state::set");
    }

    @Test
    void shouldMarkTheSpanOfACallThatFails() {
        call("stream::set", "{\"stream_name\":\"s\"}");
        SpanData span = only("call stream::set");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("deserialization_error");
    }

    @Test
    void shouldHangASpanForACallThatTheGatewayAnswersItselfIntoItsTrace() {
        call("engine::functions::info", "{\"function_id\":\"none-" + id + "\"}");
        SpanData span = only("call engine::functions::info");
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type"))).isEqualTo("NOT_FOUND");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("function_id"))).isEqualTo("engine::functions::info");

        worker.send("{\"type\":\"invokefunction\",\"function_id\":\"engine::functions::list\",\"data\":{}" + traceparent() + "}");
        only("call engine::functions::list");
    }

    @Test
    void shouldMakeNoSpanForACallOfWhatHandlesTelemetry() {
        call("engine::baggage::get_all", "{}");
        call("engine::functions::list", "{}"); // a span of the call before would be there before this one's
        only("call engine::functions::list");
        assertThat(spans("call engine::baggage::get_all")).isEmpty();
    }

    @Test
    void shouldMakeNoSpanForACallWithoutATrace() {
        worker.call("state::get", "{\"scope\":\"" + id + "\",\"key\":\"k\"}");
        worker.awaitResult(worker.start(
                "state::get", "{\"scope\":\"" + id + "\",\"key\":\"k\"}", ",\"traceparent\":\"not one\""));
        assertThat(EXPORTED.getFinishedSpanItems()).noneMatch(span -> span.getName().equals("call state::get"));
    }

    @Test
    void shouldCallTriggersUnderASpanOfTheWritersTrace() {
        trigger("state", "{\"scope\":\"" + id + "\"}");
        call("state::set", "{\"scope\":\"" + id + "\",\"key\":\"k\",\"value\":1}");
        JsonNode fired = worker.next("invokefunction");

        SpanData span = only("state_triggers");
        assertThat(span.getParentSpanId()).isEqualTo(CALLER);
        assertThat(span.getAttributes().get(AttributeKey.stringKey("iii.function.kind"))).isEqualTo("internal");
        assertThat(fired.get("traceparent").textValue()).isEqualTo("00-" + trace + "-" + span.getSpanId() + "-01");

        call("state::set", "{\"scope\":\"another " + id + "\",\"key\":\"k\",\"value\":1}");
        Awaitility.await().untilAsserted(() -> assertThat(spans("call state::set")).hasSize(2));
        assertThat(spans("state_triggers")).hasSize(1);
    }

    @Test
    void shouldCallTriggersOfStreamsUnderASpan() {
        trigger("stream", "{\"stream_name\":\"" + id + "\"}");
        call("stream::send", "{\"stream_name\":\"" + id + "\",\"group_id\":\"g\",\"type\":\"t\",\"data\":1}");
        JsonNode fired = worker.next("invokefunction");
        assertThat(fired.get("traceparent").textValue()).contains(only("stream_triggers").getSpanId());
    }

    @Test
    void shouldTraceNothingOfTheEnginesOwnFeeds() {
        String feed = "iii:devtools:" + id;
        trigger("stream", "{\"stream_name\":\"" + feed + "\"}");
        call("stream::send", "{\"stream_name\":\"" + feed + "\",\"group_id\":\"all\",\"type\":\"t\",\"data\":1}");
        JsonNode fired = worker.next("invokefunction");
        assertThat(fired.hasNonNull("traceparent")).isFalse();
        assertThat(fired.path("baggage").asText()).doesNotContain("cause");

        call("state::list_groups", "{}"); // whatever of the send would be there is there before this
        only("call state::list_groups");
        assertThat(EXPORTED.getFinishedSpanItems())
                .filteredOn(span -> span.getTraceId().equals(trace))
                .extracting(SpanData::getName)
                .noneMatch(name -> name.contains("stream"));
    }
}
