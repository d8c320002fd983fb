package io.iiikafka.gateway.http;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;

/** Counts requests by method, route and status (spec: http.md 17). */
final class RequestMetrics {

    private static final Set<String> METHODS =
            Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT");

    private record Key(String method, String route, int status) {}

    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    RequestMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** @param route the template; empty when none matched */
    void count(HttpMethod method, String route, int status) {
        String known = METHODS.contains(method.name()) ? method.name() : "_OTHER";
        counters.computeIfAbsent(new Key(known, route, status), this::counter).increment();
    }

    private Counter counter(Key key) {
        return Counter.builder("iii.http.requests")
                .description("HTTP requests answered")
                .tag("http.request.method", key.method)
                .tag("http.route", key.route)
                .tag("http.response.status_code", Integer.toString(key.status))
                .register(meters);
    }
}
