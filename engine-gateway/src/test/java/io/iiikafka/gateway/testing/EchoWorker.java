package io.iiikafka.gateway.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;

/** A worker that answers every call with its payload, and that connects as SDKs do: registrations first, name last. */
public final class EchoWorker implements AutoCloseable {

    private final Vertx vertx;
    private final WebSocketClient client;
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private volatile int[] ports = {};
    private volatile long delayMs;
    private volatile boolean closed;
    private final String name;
    private final int pid;
    private final List<String> functions;
    private volatile String id = "";
    private volatile String token = "";
    private volatile WebSocket socket;

    public EchoWorker(Vertx vertx, String name, int pid, List<String> functions) {
        this.vertx = vertx;
        this.client = vertx.createWebSocketClient(
                new WebSocketClientOptions().setMaxFrameSize(1 << 24).setMaxMessageSize(1 << 24));
        this.name = name;
        this.pid = pid;
        this.functions = functions;
    }

    /** Answers only after this long from now on. */
    public EchoWorker delay(long milliseconds) {
        delayMs = milliseconds;
        return this;
    }

    /** Payloads of the calls that it ran, with how often. */
    public Map<String, Integer> runs() {
        return runs;
    }

    /** Connects again whenever the connection ends, to the next of these ports, as SDKs do. */
    public EchoWorker keepConnected(int... ports) {
        this.ports = ports;
        return this;
    }

    private void reconnect(int attempt) {
        if (closed || ports.length == 0) {
            return;
        }
        vertx.executeBlocking(() -> {
                    connect(ports[attempt % ports.length], true);
                    return null;
                })
                .onFailure(refused -> vertx.setTimer(200, timer -> reconnect(attempt + 1)));
    }

    /** Connects and sends everything in one burst; returns when it is sent. */
    public void connect(int port, boolean reattach) throws Exception {
        String previous = id;
        String proof = token;
        CompletableFuture<Void> sent = new CompletableFuture<>();
        client.connect(port, "127.0.0.1", "/").onFailure(sent::completeExceptionally).onSuccess(opened -> {
            socket = opened;
            opened.closeHandler(ended -> vertx.setTimer(100, timer -> reconnect(0)));
            opened.textMessageHandler(text -> message(opened, new JsonObject(text)));
            if (reattach) {
                write(opened, new JsonObject()
                        .put("type", "reattach")
                        .put("previous_worker_id", previous)
                        .put("reattach_token", proof));
            }
            functions.forEach(function ->
                    write(opened, new JsonObject().put("type", "registerfunction").put("id", function)));
            write(opened, new JsonObject()
                    .put("type", "invokefunction")
                    .put("function_id", "engine::workers::register")
                    .put("action", new JsonObject().put("type", "void"))
                    .put("data", new JsonObject().put("name", name).put("runtime", "node").put("pid", pid)));
            sent.complete(null);
        });
        sent.get(10, TimeUnit.SECONDS);
    }

    private void message(WebSocket from, JsonObject frame) {
        switch (frame.getString("type")) {
            case "workerregistered" -> {
                id = frame.getString("worker_id");
                token = frame.getString("reattach_token");
            }
            case "invokefunction" -> {
                runs.merge(String.valueOf(frame.getValue("data")), 1, Integer::sum);
                if (delayMs == 0) {
                    answer(from, frame);
                } else {
                    vertx.setTimer(delayMs, timer -> answer(from, frame));
                }
            }
            default -> {}
        }
    }

    private static void answer(WebSocket to, JsonObject call) {
        write(to, new JsonObject()
                .put("type", "invocationresult")
                .put("invocation_id", call.getString("invocation_id"))
                .put("function_id", call.getString("function_id"))
                .put("result", call.getValue("data")));
    }

    private static void write(WebSocket socket, JsonObject frame) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(frame.encode());
        }
    }

    /** The id that the engine gave its newest connection. */
    public String id() {
        return id;
    }

    /** Says goodbye. */
    public void leave() {
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        leave();
        client.close();
    }
}
