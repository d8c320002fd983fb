package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.Socket;
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
import io.iiikafka.sdk.internal.websocket.ClientSocket;
import io.iiikafka.sdk.internal.websocket.Handshake;
import org.jspecify.annotations.Nullable;

/**
 * Opens WebSockets: the worker's by the SDK's own client, which sends what has gathered in one go, those of channels by
 * the JDK's. The latter's callbacks run on its one selector thread, which saves a change of threads for each message; so
 * listeners must never wait.
 */
final class Sockets implements AutoCloseable {

    private final WorkerOptions options;
    private final Handshake handshake;
    private @Nullable HttpClient client;
    private volatile @Nullable Socket opening;
    private volatile boolean closed;

    Sockets(WorkerOptions options) {
        this.options = options;
        this.handshake = new Handshake(options.headers(), options.sslContext(), options.connectTimeout());
    }

    /** The worker socket, with the user's headers. */
    ClientSocket open(URI address) throws IOException {
        try {
            return handshake.open(address, this::begun);
        } catch (IOException e) {
            throw new IOException("cannot connect to " + withoutQuery(address) + ": " + reason(e), e);
        } finally {
            opening = null;
        }
    }

    private void begun(Socket socket) {
        opening = socket;
        if (closed) {
            cut(socket);
        }
    }

    private static void cut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // then it is gone
        }
    }

    private synchronized HttpClient client() {
        HttpClient present = client;
        if (present == null) {
            HttpClient.Builder builder = HttpClient.newBuilder().executor(Runnable::run);
            if (options.sslContext() != null) {
                builder.sslContext(options.sslContext());
            }
            present = builder.build();
            client = present;
        }
        return present;
    }

    /** One end of a channel (spec: protocol.md 8.3); the key is the only credential. */
    WebSocket openChannel(URI worker, ChannelRef ref, WebSocket.Listener listener) throws IOException {
        URI base = withoutQuery(worker);
        String query = worker.getRawQuery() == null ? "" : "&" + worker.getRawQuery();
        URI address = URI.create(base + "/ws/channels/" + encoded(ref.channelId()) + "?key=" + encoded(ref.accessKey())
                + "&dir=" + encoded(ref.direction()) + query);
        return await(
                base,
                client().newWebSocketBuilder()
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
    public synchronized void close() {
        closed = true;
        Socket socket = opening;
        if (socket != null) {
            cut(socket);
        }
        if (client != null) {
            client.shutdownNow();
        }
    }
}
