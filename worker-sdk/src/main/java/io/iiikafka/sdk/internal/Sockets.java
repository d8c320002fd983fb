package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.WorkerOptions;

/**
 * Opens WebSockets with the JDK's client. Its callbacks run on its one selector thread, which saves a change of
 * threads for each message; so listeners must never wait.
 */
final class Sockets implements AutoCloseable {

    private final WorkerOptions options;
    private final HttpClient client;

    Sockets(WorkerOptions options) {
        this.options = options;
        HttpClient.Builder builder = HttpClient.newBuilder().executor(Runnable::run);
        if (options.sslContext() != null) {
            builder.sslContext(options.sslContext());
        }
        this.client = builder.build();
    }

    /** The worker socket, with the user's headers. */
    WebSocket open(URI address, WebSocket.Listener listener) throws IOException {
        WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(options.connectTimeout());
        options.headers().forEach(builder::header);
        return await(withoutQuery(address), builder.buildAsync(address, listener));
    }

    /** One end of a channel (spec: protocol.md 8.3); the key is the only credential. */
    WebSocket openChannel(URI worker, ChannelRef ref, WebSocket.Listener listener) throws IOException {
        URI base = withoutQuery(worker);
        String query = worker.getRawQuery() == null ? "" : "&" + worker.getRawQuery();
        URI address = URI.create(base + "/ws/channels/" + encoded(ref.channelId()) + "?key=" + encoded(ref.accessKey())
                + "&dir=" + encoded(ref.direction()) + query);
        return await(
                base,
                client.newWebSocketBuilder()
                        .connectTimeout(options.connectTimeout())
                        .buildAsync(address, listener));
    }

    /** Fit for a log: a query may hold a token. */
    static URI withoutQuery(URI address) {
        return URI.create(address.getScheme() + "://" + address.getRawAuthority() + pathWithoutSlash(address));
    }

    private static WebSocket await(URI shown, CompletableFuture<WebSocket> opening) throws IOException {
        try {
            return opening.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            opening.whenComplete((socket, failure) -> {
                if (socket != null) {
                    socket.abort();
                }
            });
            throw new InterruptedIOException("interrupted while connecting to " + shown);
        } catch (ExecutionException e) {
            throw new IOException("cannot connect to " + shown + ": " + reason(e.getCause()), e.getCause());
        }
    }

    private static String reason(Throwable cause) {
        if (cause instanceof WebSocketHandshakeException handshake) {
            return "answered with HTTP status " + handshake.getResponse().statusCode();
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String pathWithoutSlash(URI address) {
        String path = address.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
