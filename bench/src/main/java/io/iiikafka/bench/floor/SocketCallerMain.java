package io.iiikafka.bench.floor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.bench.load.ClosedLoop;
import io.iiikafka.bench.load.Payload;
import io.iiikafka.bench.process.LoadServer;
import io.iiikafka.sdk.internal.websocket.Dialer;
import io.iiikafka.sdk.internal.websocket.Ending;
import io.iiikafka.sdk.internal.websocket.UpgradeHeaders;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.internal.websocket.WebSocketListener;

/** Calls through the {@linkplain SocketBridge bridge}, by the Java SDK's WebSocket. Argument: the bridge's address. */
public final class SocketCallerMain implements AsyncCall, WebSocketListener {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_MESSAGE_BYTES = 1024 * 1024;

    private final Map<String, CompletableFuture<byte[]>> waiting = new ConcurrentHashMap<>();
    private final WebSocket<String> socket;

    private SocketCallerMain(WebSocket<String> socket) {
        this.socket = socket;
    }

    public static void main(String[] arguments) throws Exception {
        Dialer dialer = new Dialer(null, PATIENCE, MAX_MESSAGE_BYTES);
        SocketCallerMain caller = new SocketCallerMain(dialer.open(URI.create(arguments[0]), UpgradeHeaders.NONE));
        caller.socket.start(caller, Thread.ofPlatform().daemon().name("bridge").factory());
        LoadServer.serve(Map.of("call", load -> ClosedLoop.run(caller, load)));
        System.exit(0);
    }

    @Override
    public CompletableFuture<?> ask() {
        String id = UUID.randomUUID().toString();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        socket.sendText(id, (id + Payload.TEXT).getBytes(US_ASCII));
        return answer;
    }

    @Override
    public void text(byte[] utf8) {
        CompletableFuture<byte[]> answer = waiting.remove(new String(utf8, 0, SocketBridge.ID_LENGTH, US_ASCII));
        if (answer != null) {
            answer.complete(utf8);
        }
    }

    @Override
    public void binary(byte[] bytes) {}

    @Override
    public void ended(Ending ending) {}
}
