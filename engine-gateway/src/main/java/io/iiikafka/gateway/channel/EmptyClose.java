package io.iiikafka.gateway.channel;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.internal.http.WebSocketInternal;

/**
 * Lets a socket close without a code, which is how a reader learns that a stream is complete (spec: protocol.md 8.3).
 * Vert.x always sends one, and takes a frame without one for 1000; here an empty frame is the same as the code
 * {@link #NO_CODE}, which itself must never be on the wire.
 */
@Sharable
final class EmptyClose extends ChannelDuplexHandler {

    /** RFC 6455 7.4.1: a close frame without a code. */
    static final short NO_CODE = 1005;

    private static final EmptyClose INSTANCE = new EmptyClose();

    private EmptyClose() {}

    /** From now on {@link #send} works there, and an empty close frame of the peer is answered by an empty one. */
    static void allow(WebSocketBase socket) {
        ChannelHandlerContext vertx = ((WebSocketInternal) socket).channelHandlerContext();
        vertx.pipeline().addBefore(vertx.name(), null, INSTANCE);
    }

    static void send(WebSocketBase socket) {
        socket.close(NO_CODE);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof CloseWebSocketFrame close && !close.content().isReadable()) {
            close.release();
            context.fireChannelRead(new CloseWebSocketFrame(true, 0, Unpooled.copyShort(NO_CODE)));
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof CloseWebSocketFrame close && close.statusCode() == NO_CODE) {
            close.release();
            context.write(new CloseWebSocketFrame(), promise);
        } else {
            context.write(message, promise);
        }
    }
}
