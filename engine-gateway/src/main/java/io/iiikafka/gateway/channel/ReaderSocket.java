package io.iiikafka.gateway.channel;

import io.vertx.core.Context;
import io.vertx.core.http.WebSocketBase;
import org.jspecify.annotations.Nullable;

/**
 * Sends a channel's frames to the worker that reads it, as fast as that takes them. What it sends itself is ignored.
 */
final class ReaderSocket {

    private static final short WRITER_LOST = 1011;

    private final Context channel;
    private final WebSocketBase socket;
    private @Nullable ReaderEnd end;

    /** @param channel where the channel lives */
    ReaderSocket(Context channel, WebSocketBase socket) {
        this.channel = channel;
        this.socket = socket;
    }

    /** Takes the reader's end and begins to send; called on the socket's context as soon as it is open. */
    void begin(Channel of) {
        on(channel, () -> take(of.takeReader()));
        socket.exceptionHandler(failure -> {});
        if (!socket.isClosed()) {
            socket.drainHandler(drained -> on(channel, () -> {
                if (end != null) {
                    end.resume();
                }
            }));
        }
        CloseFrames.onClosed(socket, () -> on(channel, () -> {
            if (end != null) {
                end.cancel();
            }
        }));
    }

    private void take(@Nullable ReaderEnd free) {
        end = free;
        if (free == null) {
            EmptyClose.send(socket);
        } else {
            free.read(frame -> send(frame, free), this::finish);
        }
    }

    private static void on(Context context, Runnable action) {
        context.runOnContext(nothing -> action.run());
    }

    private void send(ChannelFrame frame, ReaderEnd to) {
        try {
            switch (frame) {
                case ChannelFrame.Text text -> socket.writeTextMessage(text.text());
                case ChannelFrame.Binary binary -> socket.writeBinaryMessage(binary.data());
            }
            if (socket.writeQueueFull()) {
                to.pause();
            }
        } catch (IllegalStateException closedMeanwhile) {
            to.cancel();
        }
    }

    private void finish(ChannelEnd how) {
        switch (how) {
            case COMPLETE -> EmptyClose.send(socket);
            case ABORTED -> socket.close(WRITER_LOST, "The writer was lost");
        }
    }
}
