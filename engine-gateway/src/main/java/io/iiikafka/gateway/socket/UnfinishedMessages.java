package io.iiikafka.gateway.socket;

import java.util.LinkedHashSet;
import java.util.Set;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * What the connections of one listener have sent of messages that are not whole yet: all of it is in memory, so together they may have so
 * much. When it is more, the connection whose message began first is cut: who means well has ended its message by then.
 *
 * <p>Small messages are not counted, so most of what comes in costs an addition.
 */
final class UnfinishedMessages {

    private static final int SMALL = 64 * 1024;

    private final long budget;
    private final Set<Source> large = new LinkedHashSet<>();
    private long total;

    /** @param budget in bytes, for all connections together */
    UnfinishedMessages(long budget) {
        this.budget = budget;
    }

    /** As much as two messages of the largest size, or an eighth of the heap if that is more. */
    static UnfinishedMessages upToAnEighthOfTheHeap(int maxMessageBytes) {
        return new UnfinishedMessages(
                Math.max(2L * maxMessageBytes, Runtime.getRuntime().maxMemory() / 8));
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
            large.add(source);
            source.counted += bytes;
            total += bytes;
            if (total > budget) {
                first = large.iterator().next();
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
    final class Source extends ChannelInboundHandlerAdapter {

        private final Runnable cut;
        private int bytes;

        // Below the lock.
        private long counted;
        private boolean closed;

        private Source(Runnable cut) {
            this.cut = cut;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf came) {
                came(came.readableBytes());
            }
            context.fireChannelRead(message);
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
    }
}
