package io.iiikafka.gateway.channel;

import io.vertx.core.Context;
import io.vertx.core.http.WebSocketBase;
import org.jspecify.annotations.Nullable;

/**
 * Takes a channel's frames from the worker that writes it, no faster than the channel takes them: a socket that is not
 * read pushes back by TCP. Nothing is sent to the worker, and it is never cut off for a missing pong.
 */
final class WriterSocket {

    private static final short READER_GONE = 1001;

    private final Context channel;
    private final Context own;
    private final WebSocketBase socket;
    private final PausableSocket flow;
    private @Nullable WriterEnd end;

    /**
     * @param channel where the channel lives
     * @param own where the socket lives
     * @param flow of the same socket
     */
    WriterSocket(Context channel, Context own, WebSocketBase socket, PausableSocket flow) {
        this.channel = channel;
        this.own = own;
        this.socket = socket;
        this.flow = flow;
    }

    /** Takes the writer's end and begins to read; called on the socket's context as soon as it is open. */
    void begin(Channel of) {
        on(channel, () -> take(of.takeWriter()));
        socket.exceptionHandler(failure -> {});
        socket.textMessageHandler(text -> on(channel, () -> write(new ChannelFrame.Text(text))));
        socket.binaryMessageHandler(data -> on(channel, () -> write(new ChannelFrame.Binary(data))));
        // A close frame comes after the frames before it, also when those had to wait; the connection's end does not.
        socket.endHandler(closeFrame -> on(channel, this::finish));
        CloseFrames.onClosed(socket, () -> {
            if (CloseFrames.isCut(socket)) {
                on(channel, this::abort);
            }
        });
    }

    private void take(@Nullable WriterEnd free) {
        end = free;
        if (free == null) {
            EmptyClose.send(socket);
        } else {
            free.onReaderGone(() -> socket.close(READER_GONE, "Nobody reads this channel any more"));
            free.onDrain(() -> on(own, flow::resume));
        }
    }

    private void write(ChannelFrame frame) {
        if (end != null) {
            end.write(frame);
            if (end.full()) {
                on(own, flow::pause);
            }
        }
    }

    private void finish() {
        if (end != null) {
            end.end();
        }
    }

    private void abort() {
        if (end != null) {
            end.abort();
        }
    }

    /** Always by way of the context's queue, so that nothing overtakes. */
    private static void on(Context context, Runnable action) {
        context.runOnContext(nothing -> action.run());
    }
}
