package io.iiikafka.gateway.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.vertx.core.http.WebSocketBase;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a relayed data socket. It listens from the first moment, since a WebSocket drops frames that nobody
 * listens to, and keeps what comes in until the other side is open. Confined to the event loop of both.
 */
final class RelayDirection {

    private final WebSocketBase from;
    private final PausableSocket flow;
    private final Consumer<WebSocketBase> lost;
    private final List<Consumer<WebSocketBase>> early = new ArrayList<>();
    private @Nullable WebSocketBase to;

    private RelayDirection(WebSocketBase from, PausableSocket flow, Consumer<WebSocketBase> lost) {
        this.from = from;
        this.flow = flow;
        this.lost = lost;
    }

    /**
     * Listens; a client's socket must be given before it connects.
     *
     * @param flow of the same socket
     * @param lost what to do with the other side when this one vanishes
     */
    static RelayDirection from(WebSocketBase from, PausableSocket flow, Consumer<WebSocketBase> lost) {
        RelayDirection direction = new RelayDirection(from, flow, lost);
        direction.listen();
        return direction;
    }

    private void listen() {
        from.exceptionHandler(failure -> {});
        from.textMessageHandler(text -> pass(target -> target.writeTextMessage(text)));
        from.binaryMessageHandler(data -> pass(target -> target.writeBinaryMessage(data)));
        from.endHandler(closeFrame -> pass(this::close));
        from.closeHandler(closed -> {
            if (CloseFrames.isCut(from)) {
                pass(lost);
            }
        });
    }

    private void pass(Consumer<WebSocketBase> message) {
        if (to == null) {
            early.add(message);
            return;
        }
        if (!to.isClosed()) {
            message.accept(to);
        }
        if (!to.isClosed() && to.writeQueueFull()) {
            flow.pause();
        }
    }

    private void close(WebSocketBase target) {
        Short code = from.closeStatusCode();
        target.close(code == null ? EmptyClose.NO_CODE : code, from.closeReason());
    }

    /** Opens the way. */
    void to(WebSocketBase target) {
        to = target;
        if (!target.isClosed()) {
            target.drainHandler(drained -> flow.resume());
        }
        early.forEach(this::pass);
        early.clear();
    }
}
