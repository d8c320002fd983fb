package io.iiikafka.topology.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

class CodecTest {

    @Property(tries = 500)
    void shouldReadBackEveryCallAsItWasWritten(@ForAll("calls") RoutedCall routed) {
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("t", routed, 1_700_000_000_000L);

        assertThat(CallCodec.decode(record.headers(), record.value())).isEqualTo(routed);
        assertThat(record.key())
                .isEqualTo(routed.call().functionId().getBytes(StandardCharsets.UTF_8));
    }

    @Property(tries = 200)
    void shouldReadBackAllCallsOfARecord(@ForAll("calls") RoutedCall any, @ForAll("calls") RoutedCall other) {
        RoutedCall first = unawaited(any, any.call(), "w");
        List<RoutedCall> together = List.of(
                first, unawaited(any, alike(any.call(), other.call()), null), unawaited(any, alike(any.call(), any.call()), "v"));
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("t", together, 1_700_000_000_000L);

        assertThat(together).allMatch(first::goesWith);
        assertThat(CallCodec.decodeAll(record.headers(), record.value())).isEqualTo(together);
        assertThat(CallCodec.decode(record.headers(), record.value())).isEqualTo(first);
    }

    /** A call as the other in what a record has once, by its own id and function, with its own metadata. */
    private static Call alike(Call shared, Call own) {
        return new Call(
                own.invocationId(),
                own.functionId(),
                shared.namespace(),
                shared.data(),
                own.metadata(),
                false,
                shared.callerWorkerId(),
                shared.traceparent(),
                own.baggage(),
                shared.deadlineMs());
    }

    private static RoutedCall unawaited(RoutedCall like, Call call, @Nullable String worker) {
        return new RoutedCall(alike(call, call), null, like.position(), like.hops(), null, worker, "orders");
    }

    @Property(tries = 100)
    void shouldKeepCallsApartThatSomebodyWaitsForOrThatDifferInMore(@ForAll("calls") RoutedCall awaited) {
        RoutedCall plain = unawaited(awaited, awaited.call(), null);
        RoutedCall otherDeadline = new RoutedCall(later(plain.call()), null, plain.position(), plain.hops(), null, null, "orders");

        assertThat(awaited.goesWith(awaited)).isFalse();
        assertThat(plain.goesWith(otherDeadline)).isFalse();
        RoutedCall asked = new RoutedCall(plain.call(), null, plain.position(), plain.hops(), "c", null, "orders");
        assertThat(plain.goesWith(asked)).isFalse();
        assertThat(asked.goesWith(asked)).isFalse();
        assertThat(plain.goesWith(new RoutedCall(plain.call(), null, plain.position(), plain.hops(), null, null, "other")))
                .isFalse();
        assertThat(plain.goesWith(plain)).isTrue();
    }

    private static Call later(Call call) {
        return new Call(
                call.invocationId(),
                call.functionId(),
                call.namespace(),
                call.data(),
                call.metadata(),
                false,
                call.callerWorkerId(),
                call.traceparent(),
                call.baggage(),
                call.deadlineMs() + 1);
    }

    @Example
    void shouldReadOtherApplicationsRecordsWithHeadersThatAreNotOurs() {
        RoutedCall call = new RoutedCall(
                new Call("i", "f", "default", null, null, false, null, null, null, 17), null, 0, 0);
        ProducerRecord<byte[], byte[]> record = CallCodec.encode("t", call, 1);
        List.of("", "{", "7", "{}", "{\"id\":\"j\"}", "{\"function\":7}")
                .forEach(text -> record.headers().add(HeaderNames.ALSO, text.getBytes(StandardCharsets.UTF_8)));
        record.headers().add(HeaderNames.ALSO, null);

        assertThat(CallCodec.decodeAll(record.headers(), record.value())).containsExactly(call);
        assertThat(CallCodec.decodeAll(new RecordHeaders(), null)).isEmpty();
    }

    @Provide
    Arbitrary<RoutedCall> calls() {
        Arbitrary<String> text = Arbitraries.strings().ofMinLength(1).ofMaxLength(40);
        Arbitrary<String> nullable = text.injectNull(0.3);
        Arbitrary<RawJson> json = Arbitraries.of("1", "{\"a\":1}", "\"é\\u0000\"", "[]", "1e400")
                .map(RawJson::of)
                .injectNull(0.2);
        Arbitrary<String> namespaces = Arbitraries.of("default", "team a", "ü/::");
        Arbitrary<Call> call = Combinators.combine(
                        text, text, namespaces, json, json, Arbitraries.of(true, false), nullable, nullable)
                .as((id, function, namespace, data, metadata, reply, caller, trace) ->
                        new Call(id, function, namespace, data, metadata, reply, caller, trace, trace, 17));
        Arbitrary<Origin> origin = Combinators.combine(
                        text, Arbitraries.integers().between(0, 100), Arbitraries.longs().between(0, 1L << 53))
                .as(Origin::new);
        return Combinators.combine(call, origin, Arbitraries.longs().between(0, 1L << 40), Arbitraries.integers()
                        .between(0, 9))
                .as(RoutedCall::new);
    }

    @Example
    void shouldWriteACallAsACloudEventThatOthersCanRead() {
        Call call = new Call(
                "id-1", "math::add", "default", RawJson.of("{\"b\":2,\"a\":1}"), null, true, "w1", "00-x-y-01", null, 5);
        ProducerRecord<byte[], byte[]> record =
                CallCodec.encode("iii.invocations", new RoutedCall(call, new Origin("g", 3, 9), 12, 0), 1_700_000_000_123L);

        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo("{\"b\":2,\"a\":1}");
        assertThat(headers)
                .containsEntry("ce_specversion", "1.0")
                .containsEntry("ce_id", "id-1")
                .containsEntry("ce_source", "/workers/w1")
                .containsEntry("ce_type", "math::add")
                .containsEntry("ce_time", "2023-11-14T22:13:20.123Z")
                .containsEntry("content-type", "application/json")
                .containsEntry("traceparent", "00-x-y-01")
                .containsEntry("iii_origin", "g/3/9");
    }

    @Property
    void shouldTakeARecordOfAnotherApplicationForAVoidCall(@ForAll @From("foreignOrigins") String origin) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_type", "math::add".getBytes(StandardCharsets.UTF_8));
        headers.add("iii_action", "sync".getBytes(StandardCharsets.UTF_8));
        headers.add("iii_origin", origin.getBytes(StandardCharsets.UTF_8));
        headers.add("unknown", null);

        RoutedCall routed = CallCodec.decode(headers, "{}".getBytes(StandardCharsets.UTF_8));

        assertThat(routed.call().functionId()).isEqualTo("math::add");
        assertThat(routed.call().reply()).isFalse();
        assertThat(routed.origin()).isNull();
        assertThat(CallCodec.decode(new RecordHeaders(), null)).isNull();
    }

    @Provide
    Arbitrary<String> foreignOrigins() {
        return Arbitraries.of("", "/", "//", "g", "g/1", "/1/2", "g/x/2", "g/1/x", "g/1/", "g//2", "g/-1/2", "g/99999999999/2");
    }

    @Example
    void shouldReadBackOutcomes() {
        Call call = new Call("id", "f", "default", null, null, true, null, null, null, 5);
        Origin origin = new Origin("g", 3, 9);
        for (Outcome outcome : new Outcome[] {
            Outcome.NO_VALUE,
            new Outcome.Success(RawJson.NULL),
            new Outcome.Success(RawJson.of("{\"x\":1}")),
            new Outcome.Failure(new ErrorBody("c", "m", "s")),
            new Outcome.Failure(new ErrorBody("c", "m"))
        }) {
            RecordHeaders headers = new RecordHeaders(OutcomeCodec.headers(call, origin, outcome, "/workers/w", 1));

            OutcomeCodec.Addressed read = OutcomeCodec.decode(headers, OutcomeCodec.value(outcome));

            assertThat(read).isEqualTo(new OutcomeCodec.Addressed(origin, outcome));
        }
    }
}
