package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.ChannelReader;
import io.iiikafka.sdk.ChannelRef;

/** Fetches a few pieces ahead and asks for the next when one is taken; TCP passes a slow reader on to the writer. */
final class ChannelSocketReader implements ChannelReader, WebSocket.Listener {

    private static final int PIECES_AHEAD = 8;
    private static final int WRITER_VANISHED = 1011;

    private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private final WebSocket socket;
    private @Nullable Item end;

    private ChannelSocketReader(Sockets sockets, URI worker, ChannelRef ref) throws IOException {
        this.socket = sockets.openChannel(worker, ref, this);
    }

    static ChannelReader open(Sockets sockets, URI worker, ChannelRef ref) throws IOException {
        return new ChannelSocketReader(sockets, worker, ref);
    }

    @Override
    public @Nullable Piece receive() throws IOException {
        if (end == null) {
            try {
                switch (items.take()) {
                    case Received received -> {
                        socket.request(1);
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
        socket.abort();
        items.add(new Ended("the channel's reader was closed"));
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        webSocket.request(PIECES_AHEAD);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            items.add(new Received(new Piece.Message(partial.toString())));
            partial.setLength(0);
        } else {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        items.add(new Received(new Piece.Bytes(bytes)));
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        items.add(new Ended(code == WRITER_VANISHED ? "the channel's writer vanished" : null));
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        items.add(new Ended("channel lost: " + error));
    }

    private sealed interface Item {}

    private record Received(Piece piece) implements Item {}

    private record Ended(@Nullable String fault) implements Item {}
}
