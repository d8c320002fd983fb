package io.iiikafka.gateway.channel;

import io.vertx.core.http.WebSocketBase;

/** How a data socket's connection ended. */
final class CloseFrames {

    private static final short NONE_CAME = 1006;

    private CloseFrames() {}

    /** Whether the peer vanished, rather than saying that it closes. */
    static boolean isCut(WebSocketBase closed) {
        Short code = closed.closeStatusCode();
        return code == null || code == NONE_CAME;
    }

    /** Tells when the connection has ended, also when that is past already. Called on the socket's context. */
    static void onClosed(WebSocketBase socket, Runnable action) {
        socket.closeHandler(closed -> action.run());
        if (socket.isClosed()) {
            action.run();
        }
    }
}
