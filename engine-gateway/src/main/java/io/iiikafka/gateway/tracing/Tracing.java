package io.iiikafka.gateway.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.instrumentation.kafkaclients.v2_6.KafkaTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Where the engine's spans go. Callers' {@code traceparent} passes through unchanged whether spans are exported or not:
 * a callee's parent is its caller, and the engine's spans hang beside it in the same trace (spec: protocol.md 5.5). Jobs and
 * events are told below the span of their delivery.
 */
public final class Tracing implements AutoCloseable {

    /** Exports nothing, costs nothing. */
    public static final Tracing OFF = new Tracing(OpenTelemetry.noop(), null, false);

    private static final List<String> SWITCHES =
            List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_TRACES_EXPORTER");

    private static final Set<String> YES = Set.of("1", "true");

    private static final TextMapGetter<Headers> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers carrier) {
            return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable Headers carrier, String key) {
            Header header = carrier == null ? null : carrier.lastHeader(key);
            return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
        }
    };

    private static final TextMapGetter<String> TEXT = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
            return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
            return key.equals("traceparent") ? carrier : null;
        }
    };

    private final OpenTelemetry openTelemetry;
    private final @Nullable KafkaTelemetry kafka;
    private final boolean alwaysTracesBuiltins;

    private Tracing(OpenTelemetry openTelemetry, @Nullable KafkaTelemetry kafka, boolean alwaysTracesBuiltins) {
        this.openTelemetry = openTelemetry;
        this.kafka = kafka;
        this.alwaysTracesBuiltins = alwaysTracesBuiltins;
    }

    /** Exports to {@code openTelemetry}. */
    public static Tracing to(OpenTelemetry openTelemetry) {
        return to(openTelemetry, false);
    }

    /**
     * Exports to {@code openTelemetry}.
     *
     * @param alwaysTracesBuiltins whether a call of a function of the engine's own that is in no trace begins one
     */
    public static Tracing to(OpenTelemetry openTelemetry, boolean alwaysTracesBuiltins) {
        return new Tracing(
                openTelemetry,
                // Headers are the engine's business: a producer span must not take the place of the call's own parent.
                KafkaTelemetry.builder(openTelemetry).setPropagationEnabled(false).build(),
                alwaysTracesBuiltins);
    }

    /** Exports as OpenTelemetry's standard variables say; {@link #OFF} when none of them asks for it. */
    public static Tracing fromEnvironment(Map<String, String> environment) {
        boolean wanted = SWITCHES.stream().anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
        if (!wanted || Boolean.parseBoolean(environment.get("OTEL_SDK_DISABLED"))) {
            return OFF;
        }
        return to(
                AutoConfiguredOpenTelemetrySdk.builder()
                        .disableShutdownHook()
                        .addPropertiesSupplier(() -> Map.of(
                                "otel.service.name", "iii-kafka",
                                "otel.metrics.exporter", "none",
                                "otel.logs.exporter", "none"))
                        .build()
                        .getOpenTelemetrySdk(),
                YES.contains(environment.getOrDefault("III_OTEL_TRACE_BUILTINS", "")));
    }

    public OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    public boolean enabled() {
        return kafka != null;
    }

    /** Whether calls of the engine's own functions have spans that are in no trace. */
    public boolean alwaysTracesBuiltins() {
        return alwaysTracesBuiltins;
    }

    /** Makes spans of what the producer sends; the producer itself when nothing is exported. */
    public <K, V> Producer<K, V> wrap(Producer<K, V> producer) {
        return kafka == null ? producer : kafka.wrap(producer);
    }

    /** Makes spans of what the consumer receives; the consumer itself when nothing is exported. */
    public <K, V> Consumer<K, V> wrap(Consumer<K, V> consumer) {
        return kafka == null ? consumer : kafka.wrap(consumer);
    }

    /** The context that a record's {@code traceparent} names. */
    public static Context contextOf(Headers headers) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), headers, HEADERS);
    }

    /** The context that a {@code traceparent} names; the root when it is null or not one. */
    public static Context contextOf(@Nullable String traceparent) {
        return traceparent == null
                ? Context.root()
                : W3CTraceContextPropagator.getInstance().extract(Context.root(), traceparent, TEXT);
    }

    /** Sends what is left. */
    @Override
    public void close() {
        if (openTelemetry instanceof OpenTelemetrySdk sdk) {
            sdk.close();
        }
    }
}
