package io.iiikafka.gateway.stream;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;

/** The way to one stream client, and its end. Used on its event loop. */
final class StreamSocket {

    static final short SERVICE_RESTART = 1012;
    static final short TRY_AGAIN_LATER = 1013;
    static final short POLICY_VIOLATION = 1008;

    private static final short MESSAGE_TOO_BIG = 1009;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final ServerWebSocket webSocket;
    private final ChannelHandlerContext channel;
    private final ChannelHandlerContext encoder;
    private final FlushRounds.Round round;
    private boolean unflushed;
    private boolean closing;

    StreamSocket(Vertx vertx, ServerWebSocket webSocket, FlushRounds rounds) {
        this.vertx = vertx;
        this.webSocket = webSocket;
        // The public API takes text as a String only, which would encode every frame once more for each client.
        this.channel = ((WebSocketInternal) webSocket).channelHandlerContext();
        this.encoder = requireNonNull(channel.pipeline().context(WebSocketFrameEncoder.class));
        this.round = rounds.of(channel.executor());
    }

    EventExecutor eventLoop() {
        return channel.executor();
    }

    /** @param done told when the frame has been handed to the network, or could not be; not once the socket is closing */
    void write(TextFrame text, Runnable done) {
        assert eventLoop().inEventLoop();
        if (closing) {
            return; // nothing may follow the close frame (RFC 6455 5.5.1)
        }
        // What a handler's context writes goes to those behind it: the frame is encoded already.
        encoder.write(Unpooled.wrappedBuffer(text.frame())).addListener(written -> done.run());
        if (!unflushed) {
            unflushed = true;
            round.add(this);
        }
    }

    void flush() {
        unflushed = false;
        encoder.flush();
    }

    void ping() {
        if (!closing) {
            webSocket.writePing(Buffer.buffer("iii"));
        }
    }

    /** What came cannot be read; Vert.x alone would close with 1000, or not at all. */
    void broken(Throwable failure) {
        if (failure instanceof CorruptedWebSocketFrameException corrupted) {
            close((short) corrupted.closeStatus().code(), corrupted.closeStatus().reasonText());
        } else if (failure instanceof IllegalStateException tooLarge) {
            close(MESSAGE_TOO_BIG, String.valueOf(tooLarge.getMessage()));
        }
    }

    /** Sends a close frame; the connection is cut when the client does not answer it in time. False: it is closing already. */
    boolean close(short code, String reason) {
        if (closing) {
            return false;
        }
        closing = true;
        webSocket.close(code, reason);
        vertx.setTimer(CLOSE_PATIENCE.toMillis(), timer -> cut());
        return true;
    }

    /** Ends the connection without a word. */
    void cut() {
        closing = true;
        channel.close();
    }
}
