package io.iiikafka.gateway.testing;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;

/** One end of a channel as a worker opens it: a plain WebSocket. Takes messages when told to, or all as they come. */
public final class ChannelPeer implements WebSocket.Listener, AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Object> received = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final boolean greedy;
    private WebSocket socket;
    private volatile CompletableFuture<String> ponged = new CompletableFuture<>();

    private ChannelPeer(boolean greedy) {
        this.greedy = greedy;
    }

    /** @param base for example {@code ws://127.0.0.1:49134} */
    public static ChannelPeer open(String base, JsonNode ref) {
        return open(address(base, ref), true);
    }

    /** One that takes nothing until {@link #take}. */
    public static ChannelPeer openLazy(String base, JsonNode ref) {
        return open(address(base, ref), false);
    }

    public static URI address(String base, JsonNode ref) {
        return URI.create(base + "/ws/channels/" + ref.get("channel_id").textValue() + "?key="
                + ref.get("access_key").textValue() + "&dir=" + ref.get("direction").textValue());
    }

    public static ChannelPeer open(URI address, boolean greedy) {
        ChannelPeer peer = new ChannelPeer(greedy);
        peer.socket = HTTP.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(address, peer)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        return peer;
    }

    /** What the engine answers to one who wants to open the end: 101 when it may. */
    public static int upgradeStatus(String base, JsonNode ref) {
        return upgradeStatus(address(base, ref));
    }

    public static int upgradeStatus(URI address) {
        try {
            HTTP.newWebSocketBuilder()
                    .buildAsync(address, new WebSocket.Listener() {})
                    .join()
                    .abort();
            return 101;
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    public ChannelPeer text(String message) {
        socket.sendText(message, true).join();
        return this;
    }

    public ChannelPeer binary(String message) {
        return binary(message.getBytes());
    }

    public ChannelPeer binary(byte[] message) {
        socket.sendBinary(ByteBuffer.wrap(message), true).join();
        return this;
    }

    /** As {@link #binary}, without waiting until it is on its way. */
    public CompletableFuture<WebSocket> startBinary(byte[] message) {
        return socket.sendBinary(ByteBuffer.wrap(message), true);
    }

    /** Sends a ping, behind what is on its way already; the future is complete when its answer is in. */
    public CompletableFuture<String> ping(String message) {
        ponged = new CompletableFuture<>();
        socket.sendPing(ByteBuffer.wrap(message.getBytes()));
        return ponged;
    }

    public ChannelPeer finish() {
        return finish(WebSocket.NORMAL_CLOSURE, "stream_complete");
    }

    public ChannelPeer finish(int code, String reason) {
        socket.sendClose(code, reason).join();
        return this;
    }

    /** Breaks the connection off without a close frame. */
    public void cut() {
        socket.abort();
    }

    public void take(long messages) {
        socket.request(messages);
    }

    /** Texts, and byte arrays, in order. */
    public List<Object> received() {
        return received;
    }

    /** All bytes so far. */
    public byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        received.stream().filter(byte[].class::isInstance).forEach(part -> all.writeBytes((byte[]) part));
        return all.toByteArray();
    }

    /** All bytes, when the other end has closed. */
    public byte[] allBytes() {
        closeCode();
        return bytes();
    }

    /** Waits for the end. */
    public int closeCode() {
        try {
            return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("still open", e);
        }
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        if (greedy) {
            webSocket.request(1);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            received.add(text.toString());
            text.setLength(0);
        }
        more(webSocket, last);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        bytes.writeBytes(part);
        if (last) {
            received.add(bytes.toByteArray());
            bytes.reset();
        }
        more(webSocket, last);
        return null;
    }

    private void more(WebSocket webSocket, boolean last) {
        if (greedy || !last) {
            webSocket.request(1);
        }
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        byte[] payload = new byte[message.remaining()];
        message.get(payload);
        ponged.complete(new String(payload));
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(1006);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
