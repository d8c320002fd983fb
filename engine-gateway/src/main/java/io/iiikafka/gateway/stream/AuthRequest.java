package io.iiikafka.gateway.stream;

import java.util.LinkedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** What the auth function is told of a request: exactly as spec stream.md 5.2. */
final class AuthRequest {

    private AuthRequest() {}

    static RawJson of(HttpServerRequest request, @Nullable String offeredProtocols) {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().forEach(header -> {
            if (isVisible(header.getValue())) {
                headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
            }
        });
        if (offeredProtocols != null && isVisible(offeredProtocols)) {
            headers.put("sec-websocket-protocol", offeredProtocols);
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("headers", headers);
        all.put("path", path(request));
        all.put("query_params", query(request.query()));
        all.put("addr", address(request.remoteAddress()));
        return RawJson.ofValue(all);
    }

    static String path(HttpServerRequest request) {
        return request.path() == null ? "/" : request.path();
    }

    private static boolean isVisible(String value) {
        return value.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\t');
    }

    private static Map<String, List<String>> query(@Nullable String query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String parameter : query == null || query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            String key = equals < 0 ? parameter : parameter.substring(0, equals);
            if (!key.isEmpty()) {
                parameters
                        .computeIfAbsent(key, first -> new ArrayList<>())
                        .add(equals < 0 ? "" : parameter.substring(equals + 1));
            }
        }
        return parameters;
    }

    private static String address(SocketAddress peer) {
        String host = peer.hostAddress() == null ? peer.host() : peer.hostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + peer.port();
    }
}
