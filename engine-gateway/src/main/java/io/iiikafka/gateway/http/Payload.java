package io.iiikafka.gateway.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.iiikafka.gateway.http.route.Match;
import io.iiikafka.gateway.http.route.Route;
import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request as functions see it (spec: http.md 6, 12, 13). Beyond the spec handlers and conditions also get {@code
 * url},
 * {@code raw_path}, {@code raw_query}, {@code query_params_multi}, {@code headers_multi} and {@code client_ip}.
 */
final class Payload {

    private static final int USUAL_BYTES = 1024;

    private final HttpServerRequest request;
    private final Route route;
    private final boolean trustProxy;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;

    Payload(HttpServerRequest request, Match.Found match, boolean trustProxy) {
        this.request = request;
        this.route = match.route();
        this.trustProxy = trustProxy;
        this.pathParameters = match.parameters();
        this.query = QueryString.parse(request.query());
        this.headers = headers(request);
    }

    private static Map<String, List<String>> headers(HttpServerRequest request) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers().forEach(header -> {
            String value = HeaderText.isVisible(header.getValue()) ? header.getValue() : "";
            headers.computeIfAbsent(header.getKey().toLowerCase(Locale.ROOT), first -> new ArrayList<>(1)).add(value);
        });
        return headers;
    }

    /** {@code {"phase":"preHandler","request":{…},"context":{…}}}. */
    RawJson forMiddleware(RawJson context) {
        JsonText text = new JsonText(USUAL_BYTES)
                .beginObject()
                .member("phase", "preHandler")
                .name("request")
                .beginObject()
                .member("path_params", pathParameters);
        return lastOfEach(lastOfEach(text, "query_params", query), "headers", headers)
                .member("method", request.method().name())
                .endObject()
                .member("context", context)
                .endObject()
                .toJson();
    }

    /** Everything but the channels. */
    RawJson forCondition(RequestBody body) {
        return common(body).endObject().toJson();
    }

    /** @param context what middleware left for the handler; null for nothing */
    RawJson forHandler(RequestBody body, RawJson requestRef, RawJson responseRef, @Nullable RawJson context) {
        JsonText text = common(body).member("request_body", requestRef).member("response", responseRef);
        return (context == null ? text : text.member("context", context)).endObject().toJson();
    }

    private JsonText common(RequestBody body) {
        RawJson value = body.value();
        String raw = body.raw();
        JsonText text = new JsonText(USUAL_BYTES + (value == null ? 0 : value.length()))
                .beginObject()
                .member("path_params", pathParameters);
        lastOfEach(lastOfEach(text, "query_params", query), "headers", headers)
                .member("path", route.template().text())
                .member("method", request.method().name())
                .member("body", value == null ? RawJson.NULL : value)
                .name("trigger")
                .beginObject()
                .member("type", "http")
                .member("path", route.template().text())
                .member("method", request.method().name())
                .endObject()
                .member("url", url())
                .member("raw_path", request.path() == null ? "/" : request.path())
                .member("raw_query", request.query() == null ? "" : request.query())
                .memberLists("query_params_multi", query)
                .memberLists("headers_multi", headers)
                .member("client_ip", clientIp());
        return raw == null ? text : text.member("rawBody", raw);
    }

    private static JsonText lastOfEach(JsonText text, String name, Map<String, List<String>> values) {
        text.name(name).beginObject();
        values.forEach((key, all) -> text.member(key, all.getLast()));
        return text.endObject();
    }

    private String url() {
        String proxied = trustProxy ? request.getHeader("x-forwarded-proto") : null;
        String host = request.getHeader("host");
        String uri = request.uri();
        if (!uri.startsWith("/")) {
            return uri; // absolute already
        }
        return (proxied == null ? "http" : proxied) + "://" + (host == null ? "" : host) + uri;
    }

    private String clientIp() {
        String proxied = trustProxy ? request.getHeader("x-forwarded-for") : null;
        if (proxied != null) {
            int comma = proxied.indexOf(',');
            return (comma < 0 ? proxied : proxied.substring(0, comma)).strip();
        }
        return request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
    }
}
