package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/** Opens WebSockets: TCP, TLS for {@code wss}, and the upgrade, all within one time limit. For any thread. */
public final class Dialer implements AutoCloseable {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final @Nullable SSLContext tls;
    private final Duration timeLimit;
    private final int maxMessageBytes;
    private final SecureRandom random = new SecureRandom();

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * @param tls null: the platform's
     * @param maxMessageBytes a larger message ends the socket that it comes on, with code 1009
     */
    public Dialer(@Nullable SSLContext tls, Duration timeLimit, int maxMessageBytes) {
        this.tls = tls;
        this.timeLimit = timeLimit;
        this.maxMessageBytes = maxMessageBytes;
    }

    /**
     * Waits, at most for the time limit, until the socket is open; it reads nothing before it is started.
     *
     * @param address {@code ws} or {@code wss}; its query is sent along
     * @throws HandshakeException if the other side answers otherwise
     */
    public <T> WebSocket<T> open(URI address, UpgradeHeaders headers) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeLimit);
        Socket socket = connect(address, deadline);
        // Reads may be slow each in its own time; only closing the socket ends them all.
        CompletableFuture<Void> watch = CompletableFuture.runAsync(
                () -> close(socket), CompletableFuture.delayedExecutor(left(deadline), TimeUnit.NANOSECONDS));
        try {
            Socket talking = address.getScheme().equals("wss") ? secured(socket, address) : socket;
            Handshake handshake = new Handshake(address, headers, random);
            handshake.request(talking.getOutputStream());
            InputBuffer input = new InputBuffer(talking.getInputStream());
            handshake.response(input);
            if (watch.cancel(false)) {
                return new WebSocket<>(socket, input, talking.getOutputStream(), random, maxMessageBytes);
            }
            throw new SocketTimeoutException();
        } catch (IOException e) {
            watch.cancel(false);
            close(socket);
            throw left(deadline) > 0 ? e : timedOut();
        }
    }

    private static long left(long deadline) {
        return deadline - System.nanoTime();
    }

    private SocketTimeoutException timedOut() {
        return new SocketTimeoutException("no answer within " + timeLimit.toMillis() + " ms");
    }

    /** Tries all addresses of a name: a service may listen on one of them only. */
    private Socket connect(URI address, long deadline) throws IOException {
        Proxy proxy = proxy(address);
        if (proxy.type() == Proxy.Type.HTTP) {
            return connect(proxy, InetSocketAddress.createUnresolved(address.getHost(), port(address)), deadline);
        }
        IOException failure = new UnknownHostException(address.getHost());
        for (InetAddress host : InetAddress.getAllByName(address.getHost())) {
            try {
                return connect(proxy, new InetSocketAddress(host, port(address)), deadline);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private Socket connect(Proxy proxy, InetSocketAddress target, long deadline) throws IOException {
        int millis = (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left(deadline)));
        if (millis <= 0) {
            throw timedOut();
        }
        Socket socket = proxy.type() == Proxy.Type.DIRECT ? new Socket() : new Socket(proxy);
        sockets.removeIf(Socket::isClosed);
        sockets.add(socket);
        try {
            if (closed) {
                throw new IOException("closed");
            }
            socket.connect(target, millis);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            close(socket);
            throw e instanceof SocketTimeoutException ? timedOut() : e;
        }
    }

    /** What the platform is told to use ({@code https.proxyHost} and the like). */
    private static Proxy proxy(URI address) {
        ProxySelector selector = ProxySelector.getDefault();
        String scheme = address.getScheme().equals("wss") ? "https" : "http";
        URI asHttp = URI.create(scheme + "://" + address.getHost() + ':' + port(address));
        return selector == null ? Proxy.NO_PROXY : selector.select(asHttp).getFirst();
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return address.getScheme().equals("wss") ? HTTPS_PORT : HTTP_PORT;
    }

    private SSLSocket secured(Socket socket, URI address) throws IOException {
        // An IPv6 address stands in brackets in a URI, and in certificates without.
        String host = address.getHost().replaceAll("[\\[\\]]", "");
        SSLSocket secured = (SSLSocket) context().getSocketFactory().createSocket(socket, host, port(address), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private SSLContext context() throws IOException {
        try {
            return tls != null ? tls : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("no TLS: " + e.getMessage(), e);
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use to anybody.
        }
    }

    /** Ends all sockets, also those that are being opened, and opens no more. */
    @Override
    public void close() {
        closed = true;
        sockets.forEach(this::close);
    }
}
