package io.iiikafka.gateway.channel;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.internal.http.WebSocketInternal;
import org.jspecify.annotations.Nullable;

/**
 * Some writers send their close frame a moment before their last data: holds it back for a short time, in which frames
 * that it overtook still get through (spec: http.md 10, protocol.md 8.3).
 */
final class LateFrames extends ChannelInboundHandlerAdapter {

    private static final int LARGEST_FRAME = 16 * 1024 * 1024;

    private final Duration grace;
    private @Nullable CloseWebSocketFrame held;
    private boolean closing;

    private LateFrames(Duration grace) {
        this.grace = grace;
    }

    /** @param grace zero for none */
    static void allow(WebSocketBase socket, Duration grace) {
        if (grace.isPositive()) {
            ChannelHandlerContext vertx = ((WebSocketInternal) socket).channelHandlerContext();
            vertx.pipeline().addBefore(vertx.name(), null, new LateFrames(grace));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof CloseWebSocketFrame close)) {
            context.fireChannelRead(message);
        } else if (closing) {
            close.release();
        } else {
            closing = true;
            held = close;
            readOn(context);
            context.executor().schedule(() -> passOn(context), grace.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** A decoder that has seen a close frame drops what follows; another one does not know of it. */
    private void readOn(ChannelHandlerContext context) {
        WebSocketFrameDecoder blind = context.pipeline().get(WebSocketFrameDecoder.class);
        if (blind != null) {
            WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .allowExtensions(false)
                    .maxFramePayloadLength(LARGEST_FRAME)
                    .build();
            context.pipeline().replace(blind, null, new WebSocket13FrameDecoder(config));
        }
    }

    private void passOn(ChannelHandlerContext context) {
        CloseWebSocketFrame close = held;
        if (close != null && !context.isRemoved()) {
            held = null;
            context.fireChannelRead(close);
            context.fireChannelReadComplete();
        }
    }

    /** The connection may end within the time: its close frame was said all the same. */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        passOn(context);
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (held != null) {
            held.release();
            held = null;
        }
    }
}
