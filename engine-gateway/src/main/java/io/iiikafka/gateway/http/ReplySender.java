package io.iiikafka.gateway.http;

import java.util.List;

import io.netty.buffer.Unpooled;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;

/** Puts responses on the wire (spec: http.md 9.2, 9.3). */
final class ReplySender {

    private final HttpDate date = new HttpDate();

    /** Sends a whole response. */
    void send(HttpServerRequest request, HttpRules rules, Reply reply) {
        HttpServerResponse response = request.response();
        boolean bodiless = reply.status() == 204 || reply.status() == 304;
        boolean head = request.method() == HttpMethod.HEAD;
        begin(request, rules, reply.status(), reply.headers());
        if (bodiless) {
            response.headers().remove("content-length");
            response.end();
        } else if (head) {
            if (!hasUsableLength(response)) {
                response.putHeader("content-length", Integer.toString(reply.body().length));
            }
            response.end();
        } else {
            // The length is ours to say: a wrong one would tear the connection's framing.
            response.putHeader("content-length", Integer.toString(reply.body().length));
            response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(reply.body())));
        }
    }

    /** Whether the handler has given the length of the body; a length that is none is taken out. */
    static boolean hasUsableLength(HttpServerResponse response) {
        String length = String.join(",", response.headers().getAll("content-length"));
        boolean usable = length.matches("\\d{1,18}");
        if (!usable) {
            response.headers().remove("content-length");
        }
        return usable;
    }

    /** Sets the head of a response whose body follows. */
    void begin(HttpServerRequest request, HttpRules rules, int status, List<Reply.Header> given) {
        HttpServerResponse response = request.response().setStatusCode(status);
        MultiMap headers = response.headers();
        for (Reply.Header header : given) {
            if (!header.name().equals("transfer-encoding")) {
                headers.add(header.name(), header.value());
            }
        }
        rules.cors().apply(headers, request.getHeader("origin"));
        if (!headers.contains("date")) {
            headers.add("date", date.now());
        }
        String idHeader = rules.config().requestIdHeader();
        String id = request.getHeader(idHeader);
        if (id != null && HeaderText.isVisible(id) && !headers.contains(idHeader)) {
            headers.add(idHeader, id);
        }
    }
}
