package io.iiikafka.gateway.socket;

import java.util.Locale;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Says in plain words why a request cannot become a WebSocket (spec: protocol.md 1.2). */
public final class UpgradeCheck {

    private UpgradeCheck() {}

    /** Null when the request is a proper upgrade. */
    public static @Nullable String refusal(HttpServerRequest request) {
        if (request.method() != HttpMethod.GET) {
            return "This is a WebSocket address: use GET";
        }
        if (!has(request, "connection", "upgrade") || !has(request, "upgrade", "websocket")) {
            return "This is a WebSocket address: the headers Connection and Upgrade are missing";
        }
        if (!"13".equals(request.getHeader("sec-websocket-version"))) {
            return "Sec-WebSocket-Version must be 13";
        }
        return request.getHeader("sec-websocket-key") == null ? "Sec-WebSocket-Key is missing" : null;
    }

    private static boolean has(HttpServerRequest request, String header, String token) {
        String value = request.getHeader(header);
        return value != null && value.toLowerCase(Locale.ROOT).contains(token);
    }
}
