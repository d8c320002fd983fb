package io.iiikafka.gateway.http;

import java.util.List;
import java.util.Optional;

import io.iiikafka.gateway.config.CorsConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin headers (spec: http.md 14).
 *
 * @param origins the allowed origins; empty for any
 * @param methods what a preflight is told
 * @param exposeAll whether browsers may read all headers of the response: only where nothing is configured
 */
record Cors(List<String> origins, String methods, boolean exposeAll) {

    private static final String ANY = "*";
    private static final String VARY = "origin, access-control-request-method, access-control-request-headers";

    static Cors of(Optional<CorsConfig> config) {
        if (config.isEmpty()) {
            return new Cors(List.of(), ANY, true);
        }
        List<String> origins = config.get().allowedOrigins();
        List<String> methods = config.get().allowedMethods().stream()
                .filter(HeaderText::isName)
                .toList();
        return new Cors(
                origins.contains(ANY) ? List.of() : origins,
                methods.isEmpty() ? ANY : String.join(",", methods),
                false);
    }

    /** A browser's question whether it may send a request, as opposed to a request for a route. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.getHeader("origin") != null && request.getHeader("access-control-request-method") != null;
    }

    /** Adds what every response carries; what the handler said of it is replaced. */
    void apply(MultiMap headers, @Nullable String origin) {
        if (origins.isEmpty()) {
            headers.set("access-control-allow-origin", ANY);
        } else if (origin != null && origins.contains(origin)) {
            headers.set("access-control-allow-origin", origin);
        } else {
            headers.remove("access-control-allow-origin");
        }
        if (exposeAll) {
            headers.set("access-control-expose-headers", ANY);
        }
        headers.add("vary", VARY);
    }

    /** The answer to {@code OPTIONS}. */
    Reply preflight() {
        return new Reply(
                200,
                List.of(
                        new Reply.Header("access-control-allow-methods", methods),
                        new Reply.Header("access-control-allow-headers", ANY)),
                Reply.empty(200).body());
    }
}
