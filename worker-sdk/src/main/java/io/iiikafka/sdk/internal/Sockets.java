package io.iiikafka.sdk.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

import io.iiikafka.sdk.ChannelRef;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.internal.websocket.Dialer;
import io.iiikafka.sdk.internal.websocket.UpgradeHeaders;
import io.iiikafka.sdk.internal.websocket.WebSocket;
import io.iiikafka.sdk.protocol.Frame;

/** Opens a worker's WebSockets: the one to the engine, and those of its channels. */
final class Sockets implements AutoCloseable {

    private final UpgradeHeaders headers;
    private final Dialer dialer;

    Sockets(WorkerOptions options) {
        this.headers = new UpgradeHeaders(options.headers());
        this.dialer = new Dialer(options.sslContext(), options.connectTimeout(), options.maxMessageBytes());
    }

    /** The worker socket, with the user's headers; it has to be started. */
    WebSocket<Frame> open(URI address) throws IOException {
        return open(withoutQuery(address), address, headers);
    }

    /** One end of a channel, started (spec: protocol.md 8.3); the key is the only credential. */
    WebSocket<ChannelRef> openChannel(URI worker, ChannelRef ref) throws IOException {
        URI base = withoutQuery(worker);
        String query = worker.getRawQuery() == null ? "" : "&" + worker.getRawQuery();
        URI address = URI.create(base + "/ws/channels/" + encoded(ref.channelId()) + "?key=" + encoded(ref.accessKey())
                + "&dir=" + encoded(ref.direction()) + query);
        return open(base, address, UpgradeHeaders.NONE);
    }

    private <T> WebSocket<T> open(URI shown, URI address, UpgradeHeaders headers) throws IOException {
        try {
            return dialer.open(address, headers);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while connecting to " + shown);
            }
            throw new IOException("cannot connect to " + shown + ": " + reason(e), e);
        }
    }

    /** Fit for a log: a query may hold a token. */
    static URI withoutQuery(URI address) {
        return URI.create(address.getScheme() + "://" + address.getRawAuthority() + pathWithoutSlash(address));
    }

    private static String reason(IOException e) {
        return switch (e) {
            case ConnectException refused -> "connection refused";
            case UnknownHostException unknown -> "unknown host";
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
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
        dialer.close();
    }
}
