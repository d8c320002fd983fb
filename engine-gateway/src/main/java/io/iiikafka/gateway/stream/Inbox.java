package io.iiikafka.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** What a client says, message by message; one that says too much is not listened to until that has been handled. */
final class Inbox {

    private static final int MOST_WAITING = 1_000;

    private final ServerWebSocket webSocket;
    private final StreamClient client;
    private int waiting;

    Inbox(ServerWebSocket webSocket, StreamClient client) {
        this.webSocket = webSocket;
        this.client = client;
    }

    void message(Buffer text) {
        ClientMessage message = ClientMessage.read(text.getBytes());
        if (message == null) {
            return;
        }
        waiting++;
        if (waiting == MOST_WAITING) {
            webSocket.pause();
        }
        client.handle(message).onComplete(handled -> {
            waiting--;
            if (waiting == MOST_WAITING - 1) {
                webSocket.resume();
            }
        });
    }
}
