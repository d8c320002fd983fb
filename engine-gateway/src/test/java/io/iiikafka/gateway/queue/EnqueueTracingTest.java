package io.iiikafka.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.gateway.tracing.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
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
                    ",\"action\":{\"type\":\"enqueue\",\"queue\":\"payments\"},\"baggage\":\"iii.session.id=s,iii.tag.kind=k,"
                            + " iii.tag.message=m\","
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
            Awaitility.await().untilAsserted(() -> assertThat(spans("fn_queue payments")).hasSize(2));
            List<JsonNode> deliveries = List.of(first, second);
            for (int attempt = 0; attempt < 2; attempt++) {
                SpanData span = spans("fn_queue payments").get(attempt);
                assertThat(span.getParentSpanId()).isEqualTo(enqueue.getSpanId());
                assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
                assertThat(span.getAttributes().asMap())
                        .containsEntry(AttributeKey.stringKey("function_id"), "mail::send")
                        .containsEntry(AttributeKey.stringKey("queue"), "payments")
                        .containsEntry(AttributeKey.longKey("attempt"), (long) attempt)
                        .containsEntry(AttributeKey.stringKey("messaging.system"), "iii-queue")
                        .containsEntry(AttributeKey.stringKey("messaging.destination.name"), "payments")
                        .containsEntry(AttributeKey.stringKey("messaging.operation.type"), "process")
                        .containsEntry(AttributeKey.stringKey("iii.tag.kind"), "queue.process")
                        .containsEntry(AttributeKey.stringKey("iii.tag.display_name"), "queue(payments) mail::send")
                        .containsKey(AttributeKey.stringKey("delivery_id"));
                assertThat(span.getStatus().getStatusCode()).isEqualTo(attempt == 0 ? StatusCode.ERROR : StatusCode.OK);
                assertThat(deliveries.get(attempt).get("traceparent").textValue())
                        .isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
                assertThat(deliveries.get(attempt).get("baggage").textValue())
                        .contains("iii.session.id=s")
                        .contains("iii.tag.message=m")
                        .contains("iii.function.id=mail")
                        .doesNotContain("iii.tag.kind");
            }
        }
    }

    /** What else the producer's baggage holds goes with the job, too. */
    @Test
    void shouldGoOnInTheProducersTraceThroughTheDeadLettersAndBack() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(EXPORTED))
                        .build())
                .build();
        String trace = "dddddddddddddddddddddddddddddddd";
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
                RawWorker worker = engine.worker("worker").serve("mail::again")) {
            String receipt = worker.awaitResult(worker.start(
                            "mail::again",
                            "1",
                            ",\"action\":{\"type\":\"enqueue\",\"queue\":\"payments\"},\"baggage\":\"iii.message.id=m7,"
                                    + "iii.session.id=s,iii.tag.message=t,mine=1,iii.tag.hidden=1\","
                                    + "\"traceparent\":\"00-" + trace + "-bbbbbbbbbbbbbbbb-01\""))
                    .at("/result/messageReceiptId")
                    .textValue();
            worker.fail(worker.called("mail::again"), "non_retryable");
            String one = "{\"queue\":\"payments\",\"message_id\":\"" + receipt + "\"}";
            Awaitility.await().untilAsserted(() ->
                    assertThat(worker.call("iii::queue::job", one).at("/result/status").asText()).isEqualTo("dead"));

            JsonNode moved = worker.awaitResult(worker.start(
                    "iii::queue::redrive_message",
                    one,
                    ",\"traceparent\":\"00-eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee-ffffffffffffffff-01\""));
            assertThat(moved.at("/result/redriven").intValue()).isEqualTo(1);
            JsonNode again = worker.called("mail::again");
            worker.answer(again, "null");

            Awaitility.await().untilAsserted(() -> assertThat(EXPORTED.getFinishedSpanItems().stream()
                            .filter(each -> each.getTraceId().equals(trace) && each.getName().equals("fn_queue payments")))
                    .hasSize(2));
            SpanData enqueue = EXPORTED.getFinishedSpanItems().stream()
                    .filter(each -> each.getTraceId().equals(trace) && each.getName().startsWith("enqueue "))
                    .findFirst()
                    .orElseThrow();
            SpanData span = EXPORTED.getFinishedSpanItems().stream()
                    .filter(each -> each.getTraceId().equals(trace) && each.getName().equals("fn_queue payments"))
                    .reduce((first, last) -> last)
                    .orElseThrow();
            assertThat(span.getParentSpanId()).isEqualTo(enqueue.getSpanId());
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
            assertThat(span.getLinks()).extracting(each -> each.getSpanContext().getTraceId())
                    .as("the call that moved it back")
                    .containsExactly("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
            assertThat(again.get("traceparent").textValue()).isEqualTo("00-" + trace + "-" + span.getSpanId() + "-01");
            assertThat(again.get("baggage").textValue())
                    .contains("iii.message.id=m7", "iii.session.id=s", "iii.tag.message=t", "mine=1", "iii.function.id=mail")
                    .doesNotContain("iii.tag.hidden");
        }
    }

    @Test
    void shouldMakeASpanOfEachDeliveryThatAGatewayMakesItself() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(EXPORTED))
                        .build())
                .build();
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
                RawWorker worker = engine.worker("worker").serve("image::shrink")) {
            worker.call("queue::define", "{\"queue\":\"images\",\"config\":{\"share_group\":true,\"backoff_ms\":50}}");
            worker.start(
                    "image::shrink",
                    "1",
                    ",\"action\":{\"type\":\"enqueue\",\"queue\":\"images\"},"
                            + "\"traceparent\":\"00-" + TRACE + "-dddddddddddddddd-01\"");
            JsonNode first = worker.called("image::shrink");
            worker.fail(first, "boom");
            JsonNode second = worker.called("image::shrink"); // is the keeper's
            worker.answer(second, "null");

            Awaitility.await().untilAsserted(() -> assertThat(spans("fn_queue images")).hasSize(2));
            SpanData enqueue = spans("enqueue image::shrink → images").getFirst();
            List<JsonNode> deliveries = List.of(first, second);
            for (int attempt = 0; attempt < 2; attempt++) {
                SpanData span = spans("fn_queue images").get(attempt);
                assertThat(span.getParentSpanId()).isEqualTo(enqueue.getSpanId());
                assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
                assertThat(span.getAttributes().asMap())
                        .containsEntry(AttributeKey.stringKey("function_id"), "image::shrink")
                        .containsEntry(AttributeKey.stringKey("queue"), "images")
                        .containsEntry(AttributeKey.longKey("attempt"), (long) attempt)
                        .containsEntry(AttributeKey.stringKey("iii.tag.kind"), "queue.process")
                        .containsEntry(
                                AttributeKey.stringKey("delivery_id"), first.get("invocation_id").textValue());
                assertThat(span.getStatus().getStatusCode()).isEqualTo(attempt == 0 ? StatusCode.ERROR : StatusCode.OK);
                assertThat(deliveries.get(attempt).get("traceparent").textValue())
                        .isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
            }
        }
    }

    @Test
    void shouldMakeASpanOfEachDeliveryToASubscriptionButNoneOutsideTraces() {
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(EXPORTED))
                        .build())
                .build();
        try (TestEngine engine = TestEngine.start(TestEngine.sockets(), Tracing.to(sdk));
                RawWorker worker = engine.worker("worker").serve("topic::heard").serve("topic::not")) {
            worker.trigger("t", "durable:subscriber", "topic::heard",
                    "{\"topic\":\"news\",\"condition_function_id\":\"topic::not\"}", "");
            worker.start("iii::durable::publish", "{\"topic\":\"news\",\"data\":1}",
                    ",\"traceparent\":\"00-" + TRACE + "-cccccccccccccccc-01\"");
            worker.answer(worker.called("topic::not"), "true");
            JsonNode heard = worker.called("topic::heard");
            worker.answer(heard, "null");
            Awaitility.await().untilAsserted(() -> assertThat(spans("queue news")).hasSize(1));
            SpanData span = spans("queue news").getFirst();
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.OK);
            assertThat(span.getAttributes().asMap())
                    .containsEntry(AttributeKey.stringKey("baggage.queue"), "news")
                    .containsKey(AttributeKey.stringKey("job_id"));
            assertThat(heard.get("traceparent").textValue()).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");

            worker.start("iii::durable::publish", "{\"topic\":\"news\",\"data\":2}",
                    ",\"traceparent\":\"00-" + TRACE + "-cccccccccccccccc-01\"");
            worker.answer(worker.called("topic::not"), "false");
            Awaitility.await().untilAsserted(() -> assertThat(spans("queue news")).hasSize(2));
            assertThat(spans("queue news").getLast().getStatus().getStatusCode())
                    .as("of what a condition blocked")
                    .isEqualTo(StatusCode.OK);

            worker.start("iii::durable::publish", "{\"topic\":\"news\",\"data\":3}", "");
            worker.answer(worker.called("topic::not"), "true");
            JsonNode untraced = worker.called("topic::heard");
            assertThat(untraced.has("traceparent")).isFalse();
            assertThat(EXPORTED.getFinishedSpanItems().stream().filter(each -> each.getName().equals("queue news")))
                    .hasSize(2);
        }
    }
}
