package io.iiikafka.gateway.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;

/** What a client says, message by message; one that says too much is not listened to until that has been handled. */
final class Inbox {

    private static final int MOST_WAITING = 1_000;
    private static final int MOST_WAITING_BYTES = 1024 * 1024;

    private final ServerWebSocket webSocket;
    private final StreamClient client;
    private int waiting;
    private int waitingBytes;
    private boolean paused;

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
        waitingBytes += text.length();
        pauseOrResume();
        client.handle(message).onComplete(handled -> {
            waiting--;
            waitingBytes -= text.length();
            pauseOrResume();
        });
    }

    private void pauseOrResume() {
        boolean full = waiting >= MOST_WAITING || waitingBytes >= MOST_WAITING_BYTES;
        if (full && !paused) {
            webSocket.pause();
        } else if (paused && !full) {
            webSocket.resume();
        }
        paused = full;
    }
}
