package io.iiikafka.gateway.socket;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * What the connections of one listener have sent of messages that are not whole yet: all of it is in memory, so together they may have so
 * much. When it is more, the connection whose message began first is cut as soon as that is a moment ago, in which who
 * means well ends a message; at half as much again, at once.
 *
 * <p>Small messages are not counted, so most of what comes in costs an addition.
 */
final class UnfinishedMessages {

    private static final int SMALL = 64 * 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final long budget;
    private final long most;
    private final LongSupplier nanoTime;
    private final Set<Source> large = new LinkedHashSet<>();
    private long total;

    /** @param budget in bytes, for all connections together */
    UnfinishedMessages(long budget, LongSupplier nanoTime) {
        this.budget = budget;
        this.most = budget + budget / 2;
        this.nanoTime = nanoTime;
    }

    /** As much as two messages of the largest size, or an eighth of the heap if that is more. */
    static UnfinishedMessages upToAnEighthOfTheHeap(int maxMessageBytes) {
        return new UnfinishedMessages(
                Math.max(2L * maxMessageBytes, Runtime.getRuntime().maxMemory() / 8), System::nanoTime);
    }

    /** @param cut ends the connection; called on any thread */
    Source source(Runnable cut) {
        return new Source(cut);
    }

    private void grow(Source source, int bytes) {
        Source first = null;
        synchronized (large) {
            if (source.closed) {
                return;
            }
            if (large.add(source)) {
                source.began = nanoTime.getAsLong();
            }
            source.counted += bytes;
            total += bytes;
            if (total > budget) {
                first = large.iterator().next();
                if (total <= most && nanoTime.getAsLong() - first.began < PATIENCE.toNanos()) {
                    return;
                }
                forget(first);
                first.closed = true;
            }
        }
        if (first != null) {
            first.cut.run();
        }
    }

    private void forget(Source source) {
        large.remove(source);
        total -= source.counted;
        source.counted = 0;
    }

    /** One connection's part. All methods on its event loop. */
    final class Source {

        private final Runnable cut;
        private int bytes;

        // Below the lock.
        private long counted;
        private long began;
        private boolean closed;

        private Source(Runnable cut) {
            this.cut = cut;
        }

        /**
         * Sees all that comes in on a WebSocket, before and after it is made frames, until the connection ends.
         *
         * @param heard told whenever something comes, be it a part of a frame
         */
        void watch(ChannelHandlerContext webSocket, Runnable heard) {
            ChannelPipeline pipeline = webSocket.pipeline();
            pipeline.addFirst(new Bytes(heard));
            pipeline.addBefore(webSocket.name(), null, new Frames());
        }

        void came(int more) {
            bytes += more;
            if (bytes > SMALL) {
                grow(this, bytes);
                bytes = 0;
            }
        }

        /** A message is whole, and what may have come behind it is small. */
        void complete() {
            bytes = 0;
            if (counted > 0) {
                synchronized (large) {
                    forget(this);
                }
            }
        }

        void close() {
            bytes = 0;
            synchronized (large) {
                forget(this);
                closed = true;
            }
        }

        private final class Bytes extends ChannelInboundHandlerAdapter {

            private final Runnable heard;

            private Bytes(Runnable heard) {
                this.heard = heard;
            }

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                heard.run();
                if (message instanceof ByteBuf came) {
                    came(came.readableBytes());
                }
                context.fireChannelRead(message);
            }

            @Override
            public void handlerRemoved(ChannelHandlerContext context) {
                close();
            }
        }

        /** What is whole may still have to wait until somebody takes it; that is not the fault of who has sent it. */
        private final class Frames extends ChannelInboundHandlerAdapter {

            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof WebSocketFrame frame && frame.isFinalFragment() && isData(frame)) {
                    complete();
                }
                context.fireChannelRead(message);
            }

            private static boolean isData(WebSocketFrame frame) {
                return frame instanceof TextWebSocketFrame
                        || frame instanceof BinaryWebSocketFrame
                        || frame instanceof ContinuationWebSocketFrame;
            }
        }
    }
}
