package io.iiikafka.gateway.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iiikafka.sdk.protocol.RawJson;

/** A worker as bare frames: sends what a test says and keeps what comes in. No SDK in between. */
public final class RawWorker implements WebSocket.Listener, AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LinkedBlockingDeque<JsonNode> received = new LinkedBlockingDeque<>();
    private final LinkedBlockingDeque<String> pongs = new LinkedBlockingDeque<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private WebSocket socket;
    private String id = "";
    private String token = "";

    private RawWorker() {}

    /** Connects and waits for the greeting. */
    public static RawWorker connect(String url) {
        RawWorker worker = new RawWorker();
        worker.socket = HTTP.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .buildAsync(URI.create(url), worker)
                .join();
        try {
            JsonNode greeting = worker.next("workerregistered");
            worker.id = greeting.get("worker_id").textValue();
            worker.token = greeting.get("reattach_token").textValue();
            return worker;
        } catch (AssertionError | RuntimeException e) {
            worker.cut(); // nobody else would
            throw e;
        }
    }

    public String id() {
        return id;
    }

    public String token() {
        return token;
    }

    public RawWorker announce(String name) {
        return announce(name, "\"runtime\":\"node\",\"version\":\"0.22.1\",\"pid\":" + ProcessHandle.current().pid());
    }

    /** Announces itself and waits until that has taken effect. */
    public RawWorker announce(String name, String otherFields) {
        JsonNode result = call("engine::workers::register", "{\"name\":\"" + name + "\"," + otherFields + "}");
        if (!result.path("result").path("success").asBoolean()) {
            throw new AssertionError("not announced: " + result);
        }
        return this;
    }

    /** Any thread. */
    public synchronized RawWorker send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    public RawWorker sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** Sends a WebSocket ping and waits for its pong; gives what that carries. */
    public String ping(String payload) {
        synchronized (this) {
            socket.sendPing(StandardCharsets.UTF_8.encode(payload)).join();
        }
        try {
            String pong = pongs.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (pong == null) {
                throw new AssertionError("no pong within " + PATIENCE);
            }
            return pong;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public RawWorker register(String functionId) {
        return send("{\"type\":\"registerfunction\",\"id\":\"" + functionId + "\"}");
    }

    /** Registers a function and waits until it is there. */
    public RawWorker serve(String functionId) {
        register(functionId);
        call("engine::functions::info", "{\"function_id\":\"" + functionId + "\"}");
        return this;
    }

    /** Calls a function and gives the whole result frame. */
    public JsonNode call(String functionId, String data) {
        return awaitResult(start(functionId, data));
    }

    /** Sends a call; gives its id. */
    public String start(String functionId, String data) {
        return start(functionId, data, "");
    }

    /** Sends a call with further members, each beginning with a comma. */
    public String start(String functionId, String data, String members) {
        String invocation = UUID.randomUUID().toString();
        send("{\"type\":\"invokefunction\",\"invocation_id\":\"" + invocation + "\",\"function_id\":\"" + functionId
                + "\",\"data\":" + data + members + "}");
        return invocation;
    }

    public JsonNode awaitResult(String invocation) {
        return pollResult(invocation, PATIENCE)
                .orElseThrow(() -> new AssertionError("no result of " + invocation + "; came in: " + received));
    }

    /** The result of a call, if it comes in time. */
    public Optional<JsonNode> pollResult(String invocation, Duration patience) {
        return Optional.ofNullable(poll(
                frame -> "invocationresult".equals(frame.path("type").textValue())
                        && invocation.equals(frame.path("invocation_id").textValue()),
                patience,
                false));
    }

    /** Answers a call that came in. */
    public RawWorker answer(JsonNode call, String result) {
        return send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                + ",\"function_id\":" + call.get("function_id") + ",\"result\":" + result + "}");
    }

    /** Answers a call that came in with an error. */
    public RawWorker fail(JsonNode call, String code) {
        return send("{\"type\":\"invocationresult\",\"invocation_id\":"
                + (call.hasNonNull("invocation_id") ? call.get("invocation_id") : "\"none\"") + ",\"function_id\":"
                + call.get("function_id") + ",\"error\":{\"code\":\"" + code + "\",\"message\":\"no luck\"}}");
    }

    /**
     * Registers a trigger and waits until the engine has read that.
     *
     * @param members further ones of the frame, each beginning with a comma
     */
    public RawWorker trigger(String triggerId, String type, String functionId, String config, String members) {
        send("{\"type\":\"registertrigger\",\"id\":\"" + triggerId + "\",\"trigger_type\":\"" + type
                + "\",\"function_id\":\"" + functionId + "\",\"config\":" + config + members + "}");
        call("engine::registered-triggers::list", "{}"); // frames are read in order
        return this;
    }

    /** The next call that comes in, which must be of that function. */
    public JsonNode called(String functionId) {
        JsonNode call = next("invokefunction");
        if (!functionId.equals(call.path("function_id").textValue())) {
            throw new AssertionError("called was not " + functionId + " but " + call);
        }
        return call;
    }

    /** The next call of the function; those of others stay. */
    public JsonNode nextCallOf(String functionId) {
        return next(frame -> "invokefunction".equals(frame.path("type").textValue())
                && functionId.equals(frame.path("function_id").textValue()));
    }

    public JsonNode next(String type) {
        return next(frame -> type.equals(frame.path("type").textValue()));
    }

    /** The first frame that fits, taken out; the others stay. */
    public JsonNode next(Predicate<JsonNode> wanted) {
        return poll(wanted, PATIENCE, true);
    }

    /** Whether no frame of the type comes in within the time. */
    public boolean silentAbout(String type, Duration time) {
        return poll(frame -> type.equals(frame.path("type").textValue()), time, false) == null;
    }

    /** The next call of any function, if one comes in time. */
    public Optional<JsonNode> pollCall(Duration time) {
        return Optional.ofNullable(poll(frame -> "invokefunction".equals(frame.path("type").textValue()), time, false));
    }

    private JsonNode poll(Predicate<JsonNode> wanted, Duration time, boolean required) {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (received) {
            while (true) {
                for (Iterator<JsonNode> frames = received.iterator(); frames.hasNext(); ) {
                    JsonNode frame = frames.next();
                    if (wanted.test(frame)) {
                        frames.remove();
                        return frame;
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    if (required) {
                        throw new AssertionError("no such frame within " + time + "; came in: " + received);
                    }
                    return null;
                }
                try {
                    received.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    /** The close code, waited for; 1006 when the connection was cut. */
    public int closeCode() {
        try {
            return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            String text = partial.toString();
            partial.setLength(0);
            try {
                synchronized (received) {
                    received.add(RawJson.of(text).toTree());
                    received.notifyAll();
                }
            } catch (Exception e) {
                synchronized (received) {
                    received.add(JsonNodeFactory.instance.objectNode().put("unreadable", e.toString()));
                }
                closed.completeExceptionally(e);
            }
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        pongs.add(StandardCharsets.UTF_8.decode(message).toString());
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

    /** Says goodbye. */
    @Override
    public void close() {
        if (isOpen()) {
            socket.sendClose(1000, "").orTimeout(2, TimeUnit.SECONDS).exceptionally(failure -> null).join();
        }
    }

    /** Cuts the connection without a word. */
    public void cut() {
        socket.abort();
    }
}
