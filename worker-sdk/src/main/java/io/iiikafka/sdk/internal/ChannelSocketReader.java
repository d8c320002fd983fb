package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.ChannelReader;
import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.internal.websocket.Ending;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.internal.websocket.WebSocketListener;

/** Fetches a few pieces ahead, then reads no more until one is taken; TCP passes a slow reader on to the writer. */
final class ChannelSocketReader implements ChannelReader, WebSocketListener {

    private static final int PIECES_AHEAD = 8;
    private static final int WRITER_VANISHED = 1011;

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(PIECES_AHEAD);
    private final WebSocket<ChannelRef> socket;
    private volatile boolean closed;
    private @Nullable Item end;

    private ChannelSocketReader(WebSocket<ChannelRef> socket) {
        this.socket = socket;
    }

    static ChannelReader open(Sockets sockets, URI worker, ChannelRef ref) throws IOException {
        ChannelSocketReader reader = new ChannelSocketReader(sockets.openChannel(worker, ref));
        reader.socket.start(reader, Thread.ofVirtual().name("iii-channel-reader").factory());
        return reader;
    }

    @Override
    public @Nullable Piece receive() throws IOException {
        if (end == null) {
            try {
                switch (items.take()) {
                    case Received received -> {
                        room.release();
                        return received.piece;
                    }
                    case Ended ended -> end = ended;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading a channel");
            }
        }
        if (end instanceof Ended(String fault) && fault != null) {
            throw new IOException(fault);
        }
        return null;
    }

    @Override
    public InputStream bytes(Consumer<String> messages) {
        return new ChannelInput(this, messages);
    }

    @Override
    public void close() {
        closed = true;
        socket.abort("the channel's reader was closed");
        room.release(PIECES_AHEAD);
        items.add(new Ended("the channel's reader was closed"));
    }

    @Override
    public void text(byte[] utf8) {
        add(new Piece.Message(new String(utf8, StandardCharsets.UTF_8)));
    }

    @Override
    public void binary(byte[] bytes) {
        add(new Piece.Bytes(bytes));
    }

    private void add(Piece piece) {
        room.acquireUninterruptibly();
        if (!closed) {
            items.add(new Received(piece));
        }
    }

    @Override
    public void ended(Ending ending) {
        items.add(new Ended(
                switch (ending) {
                    case Ending.Closed(int code, String reason) ->
                        code == WRITER_VANISHED ? "the channel's writer vanished" : null;
                    case Ending.Lost(String why) -> "channel lost: " + why;
                }));
    }

    private sealed interface Item {}

    private record Received(Piece piece) implements Item {}

    private record Ended(@Nullable String fault) implements Item {}
}
