package io.iiikafka.gateway.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A client of the stream port as bare messages. */
public final class StreamPeer implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LinkedBlockingDeque<String> received = new LinkedBlockingDeque<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final LinkedBlockingDeque<String> pongs = new LinkedBlockingDeque<>();
    private final StringBuilder partial = new StringBuilder();
    private final boolean reading;
    private WebSocket socket;

    private StreamPeer(boolean reading) {
        this.reading = reading;
    }

    public static StreamPeer connect(int port, String path, String... protocols) {
        return connect(port, path, true, protocols);
    }

    /** One that takes nothing from its socket. */
    public static StreamPeer connectWithoutReading(int port) {
        return connect(port, "/", false);
    }

    private static StreamPeer connect(int port, String path, boolean reading, String... protocols) {
        StreamPeer peer = new StreamPeer(reading);
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
        if (protocols.length > 0) {
            List<String> others = List.of(protocols).subList(1, protocols.length);
            builder.subprotocols(protocols[0], others.toArray(String[]::new));
        }
        peer.socket = builder.buildAsync(URI.create("ws://127.0.0.1:" + port + path), peer).join();
        return peer;
    }

    public String protocol() {
        return socket.getSubprotocol();
    }

    public StreamPeer send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    /** The beginning, or a further part, of a message that does not end yet. */
    public StreamPeer sendPart(String text) {
        socket.sendText(text, false).join();
        return this;
    }

    public StreamPeer sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** The payload of the answer to a ping. */
    public String ping(String payload) throws InterruptedException {
        socket.sendPing(ByteBuffer.wrap(payload.getBytes())).join();
        return pongs.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    public StreamPeer join(String subscription, String stream, String group, String item) {
        return send(message("join", subscription, stream, group, item));
    }

    /** @param more members of the join's data, for example {@code "offsets":true} */
    public StreamPeer joinWith(String subscription, String stream, String group, String more) {
        return send("{\"type\":\"join\",\"data\":{\"subscriptionId\":\"" + subscription + "\",\"streamName\":\"" + stream
                + "\",\"groupId\":\"" + group + "\"," + more + "}}");
    }

    public StreamPeer leave(String subscription, String stream, String group, String item) {
        return send(message("leave", subscription, stream, group, item));
    }

    private static String message(String type, String subscription, String stream, String group, String item) {
        return JSON.createObjectNode()
                .put("type", type)
                .set("data", JSON.createObjectNode()
                        .put("subscriptionId", subscription)
                        .put("streamName", stream)
                        .put("groupId", group)
                        .put("id", item))
                .toString();
    }

    /** The next frame, as it came. */
    public String nextText() {
        String text = poll(PATIENCE);
        if (text == null) {
            throw new AssertionError("no frame came within " + PATIENCE);
        }
        return text;
    }

    public JsonNode next() {
        return read(nextText());
    }

    /** The type of the event in the next frame, and its data: {@code sync [1,2]}. */
    public String nextEvent() {
        JsonNode event = next().get("event");
        String type = event.get("type").textValue();
        JsonNode data = event.has("data") ? event.get("data") : event.get("event");
        return data == null ? type : type + " " + data;
    }

    /** Whether nothing comes within the time. */
    public boolean silent(Duration time) {
        return poll(time) == null;
    }

    /** So many frames. */
    public List<JsonNode> next(int count) {
        List<JsonNode> frames = new ArrayList<>();
        while (frames.size() < count) {
            frames.add(next());
        }
        return frames;
    }

    private String poll(Duration time) {
        try {
            return received.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (Exception e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    public int closeCode() {
        return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** Begins to read, for good. */
    public void read() {
        socket.request(Long.MAX_VALUE);
    }

    /** Cuts the connection without a word. */
    public void cut() {
        socket.abort();
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        if (reading) {
            webSocket.request(Long.MAX_VALUE);
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            received.add(partial.toString());
            partial.setLength(0);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        pongs.add(new String(bytes));
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
        socket.sendClose(1000, "").orTimeout(2, TimeUnit.SECONDS).exceptionally(failure -> null).join();
    }
}
