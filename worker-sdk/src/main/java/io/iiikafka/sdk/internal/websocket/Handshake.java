package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens WebSockets: TCP, TLS for {@code wss}, and the upgrade (RFC 6455, section 4.1). */
public final class Handshake {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int LONGEST_LINE = 8 * 1024;
    private static final int MOST_LINES = 100;

    private final Map<String, String> headers;
    private final @Nullable SSLContext sslContext;
    private final Duration timeout;

    /**
     * @param headers sent along with the upgrade
     * @param sslContext for {@code wss}; null: the JDK's default
     * @param timeout of each step: connecting to an address, the upgrade
     */
    public Handshake(Map<String, String> headers, @Nullable SSLContext sslContext, Duration timeout) {
        this.headers = headers;
        this.sslContext = sslContext;
        this.timeout = timeout;
    }

    /**
     * Opens a WebSocket.
     *
     * @param begun told of the TCP socket before it connects, so that another thread may close it
     * @throws IOException when there is no connection, or its other side is no WebSocket server; the message says why
     */
    public ClientSocket open(URI address, Consumer<Socket> begun) throws IOException {
        boolean tls = "wss".equalsIgnoreCase(address.getScheme());
        int port = address.getPort() < 0 ? (tls ? 443 : 80) : address.getPort();
        Socket transport = connect(address.getHost(), port, begun);
        try {
            transport.setTcpNoDelay(true);
            transport.setSoTimeout(Math.toIntExact(timeout.toMillis()));
            Socket socket = tls ? encrypt(transport, address.getHost(), port) : transport;
            Source source = new Source(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            upgrade(address, source, out);
            transport.setSoTimeout(0);
            return new ClientSocket(transport, source, out);
        } catch (SocketTimeoutException e) {
            transport.close();
            throw new IOException("no answer to the upgrade within " + timeout, e);
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private Socket connect(String host, int port, Consumer<Socket> begun) throws IOException {
        IOException failure = new ConnectException("connection refused");
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            begun.accept(socket);
            try {
                socket.connect(new InetSocketAddress(address, port), Math.toIntExact(timeout.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure;
    }

    private SSLSocket encrypt(Socket transport, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(transport, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLContext context() throws IOException {
        try {
            return sslContext == null ? SSLContext.getDefault() : sslContext;
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("this JDK has no TLS", e);
        }
    }

    private void upgrade(URI address, Source source, OutputStream out) throws IOException {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        out.write(request(address, key).getBytes(StandardCharsets.UTF_8));
        out.flush();
        String[] status = source.line(LONGEST_LINE).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
            throw new IOException("does not speak HTTP");
        }
        String accept = acceptHeader(source);
        if (!status[1].equals("101")) {
            throw new IOException("answered with HTTP status " + status[1]);
        }
        if (!acceptFor(key).equals(accept)) {
            throw new IOException("is no WebSocket server: its Sec-WebSocket-Accept is wrong");
        }
    }

    private String request(URI address, String key) {
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String authority = address.getRawAuthority();
        StringBuilder request = new StringBuilder("GET ").append(path).append(query).append(" HTTP/1.1\r\n");
        request.append("Host: ").append(authority.substring(authority.lastIndexOf('@') + 1)).append("\r\n");
        request.append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        request.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
        headers.forEach((name, value) -> request.append(oneLine(name)).append(": ").append(oneLine(value)).append("\r\n"));
        return request.append("\r\n").toString();
    }

    private static String oneLine(String text) {
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a header of more than one line");
        }
        return text;
    }

    private static @Nullable String acceptHeader(Source source) throws IOException {
        String accept = null;
        for (int lines = 0; lines < MOST_LINES; lines++) {
            String line = source.line(LONGEST_LINE);
            if (line.isEmpty()) {
                return accept;
            }
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals("sec-websocket-accept")) {
                accept = line.substring(colon + 1).strip();
            }
        }
        throw new IOException("the answer's head is too long");
    }

    private static String acceptFor(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
