package io.iiikafka.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.iiikafka.gateway.config.CorsConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Cross-origin headers (spec: http.md 14). Beyond the spec browsers may be allowed to send credentials, and told for
 * how long a preflight's answer holds.
 *
 * @param origins the allowed origins; empty for any
 * @param methods what a preflight is told
 * @param exposeAll whether browsers may read all headers of the response: only where nothing is configured
 * @param credentials whether browsers may send cookies and the like
 * @param maxAgeSeconds how long a preflight's answer holds; null: as browsers like
 */
record Cors(
        List<String> origins, String methods, boolean exposeAll, boolean credentials, @Nullable Long maxAgeSeconds) {

    private static final String ANY = "*";
    private static final String VARY = "origin, access-control-request-method, access-control-request-headers";

    static Cors of(Optional<CorsConfig> config) {
        if (config.isEmpty()) {
            return new Cors(List.of(), ANY, true, false, null);
        }
        CorsConfig cors = config.get();
        List<String> methods = cors.allowedMethods().stream()
                .filter(HeaderText::isName)
                .toList();
        return new Cors(
                cors.isForAnyOrigin() ? List.of() : cors.allowedOrigins(),
                methods.isEmpty() ? ANY : String.join(",", methods),
                false,
                cors.allowCredentials(),
                cors.maxAge().map(age -> age.toSeconds()).orElse(null));
    }

    /** A browser's question whether it may send a request, as opposed to a request for a route. */
    static boolean isPreflight(HttpServerRequest request) {
        return request.getHeader("origin") != null && request.getHeader("access-control-request-method") != null;
    }

    /** Adds what every response carries; what the handler said of it is replaced. */
    void apply(MultiMap headers, @Nullable String origin) {
        headers.remove("access-control-allow-credentials");
        if (origins.isEmpty()) {
            headers.set("access-control-allow-origin", ANY);
        } else if (origin != null && origins.contains(origin)) {
            headers.set("access-control-allow-origin", origin);
            if (credentials) {
                headers.set("access-control-allow-credentials", "true");
            }
        } else {
            headers.remove("access-control-allow-origin");
        }
        if (exposeAll) {
            headers.set("access-control-expose-headers", ANY);
        }
        headers.add("vary", VARY);
    }

    /** The answer to {@code OPTIONS}. */
    Reply preflight(HttpServerRequest request) {
        List<Reply.Header> headers = new ArrayList<>();
        headers.add(new Reply.Header(
                "access-control-allow-methods", orAsked(methods, request.getHeader("access-control-request-method"))));
        headers.add(new Reply.Header(
                "access-control-allow-headers", orAsked(ANY, request.getHeader("access-control-request-headers"))));
        if (maxAgeSeconds != null) {
            headers.add(new Reply.Header("access-control-max-age", maxAgeSeconds.toString()));
        }
        return new Reply(200, headers, Reply.empty(200).body());
    }

    /** For requests with credentials browsers do not take {@code *} for everything: those get what they ask for. */
    private String orAsked(String allowed, @Nullable String asked) {
        return credentials && allowed.equals(ANY) && asked != null && HeaderText.isVisible(asked) ? asked : allowed;
    }
}
