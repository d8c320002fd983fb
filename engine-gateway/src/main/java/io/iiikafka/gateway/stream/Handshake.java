package io.iiikafka.gateway.stream;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

import io.iiikafka.gateway.socket.UpgradeCheck;
import io.iiikafka.sdk.protocol.RawJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/** From a request to a stream socket, or to a refusal (spec: stream.md 5.1, 5.2, 13.7, 13.8). */
final class Handshake {

    private static final String PROTOCOLS = "sec-websocket-protocol";
    private static final String PREFERRED = "Authorization";
    private static final int MOST_WAITING = 1_000;

    private final StreamServices services;
    private final Admission admission;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean draining;

    Handshake(StreamServices services) {
        this.services = services;
        this.admission = new Admission(services.settings(), services.invoker());
    }

    /** Takes no further connections; those that are open stay. */
    void drain() {
        draining = true;
    }

    void request(HttpServerRequest request) {
        StreamPath path = StreamPath.of(AuthRequest.path(request), request.query());
        if (path instanceof StreamPath.Refused refused) {
            refuse(request, refused.status(), refused.reason());
            return;
        }
        String refusal = UpgradeCheck.refusal(request);
        if (refusal != null) {
            refuse(request, 400, refusal);
        } else if (!isAllowed(request.getHeader("origin"))) {
            refuse(request, 403, "This origin is not allowed");
        } else if (draining) {
            refuse(request, 503, "This gateway is shutting down");
        } else if (isFull()) {
            refuse(request, 503, "Too many connections");
        } else {
            admit(request, path);
        }
    }

    private static void refuse(HttpServerRequest request, int status, String reason) {
        request.response().setStatusCode(status).end(reason);
    }

    private boolean isAllowed(@Nullable String origin) {
        return services.settings().allowedOrigins().isEmpty()
                || origin == null
                || services.settings().allowedOrigins().contains(origin);
    }

    private boolean isFull() {
        int open = services.metrics().connections() + asked.get();
        return asked.get() >= MOST_WAITING
                || services.settings().maxConnections().isPresent()
                        && open >= services.settings().maxConnections().getAsInt();
    }

    private void admit(HttpServerRequest request, StreamPath path) {
        RawJson about = AuthRequest.of(request, choose(request));
        request.pause();
        asked.incrementAndGet();
        admission.ask(about)
                .onComplete(any -> asked.decrementAndGet())
                .onSuccess(answer -> {
                    request.resume();
                    switch (answer) {
                        case Admission.Refused refused -> refuse(request, refused.status(), refused.message());
                        case Admission.Admitted admitted ->
                            request.toWebSocket().onSuccess(socket -> open(socket, admitted.context(), path));
                    }
                });
    }

    /** Leaves only the one that is to be chosen in the request; gives all that were offered. */
    private static @Nullable String choose(HttpServerRequest request) {
        String offered = request.getHeader(PROTOCOLS);
        if (offered != null) {
            boolean preferred = Arrays.stream(offered.split(",")).map(String::strip).anyMatch(PREFERRED::equals);
            request.headers().set(PROTOCOLS, preferred ? PREFERRED : offered.split(",")[0].strip());
        }
        return offered;
    }

    private void open(ServerWebSocket webSocket, @Nullable RawJson context, StreamPath path) {
        StreamSocket socket = new StreamSocket(services.vertx(), webSocket, services.flushes());
        StreamClient client = new StreamClient(services, socket, context);
        StreamPulse pulse = new StreamPulse(services.vertx(), client, services.metrics(), services.settings());
        Inbox inbox = new Inbox(webSocket, client);
        webSocket.textMessageHandler(text -> {
            pulse.heard();
            inbox.message(Buffer.buffer(text));
        });
        webSocket.binaryMessageHandler(bytes -> {
            pulse.heard();
            inbox.message(bytes);
        });
        webSocket.pongHandler(pong -> pulse.heard());
        webSocket.exceptionHandler(socket::broken);
        webSocket.closeHandler(closed -> {
            pulse.stop();
            client.end();
        });
        services.metrics().connected();
        services.clients().add(client);
        if (path instanceof StreamPath.Subscribe subscribe) {
            client.join(subscribe.join()).onSuccess(admitted -> {
                if (!admitted) {
                    socket.close(StreamSocket.POLICY_VIOLATION, "the subscription was refused");
                }
            });
        }
    }
}
