package io.iiikafka.gateway.testing;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A TCP connection with nothing between a test and the bytes. */
public final class RawSocket implements AutoCloseable {

    private static final int PATIENCE_MS = 10_000;

    private final Socket socket;

    private RawSocket(Socket socket) {
        this.socket = socket;
    }

    public static RawSocket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), PATIENCE_MS);
        socket.setSoTimeout(PATIENCE_MS);
        return new RawSocket(socket);
    }

    /** Connects and becomes a WebSocket. */
    public static RawSocket upgrade(int port, String path) throws IOException {
        RawSocket raw = connect(port);
        raw.write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        String status = raw.readLine();
        if (!status.contains("101")) {
            throw new AssertionError("not upgraded: " + status);
        }
        return raw;
    }

    /** A WebSocket frame; {@code head} is its first byte. */
    public static byte[] frame(int head, boolean masked, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(head);
        frame.write((masked ? 0x80 : 0) | payload.length);
        if (masked) {
            frame.writeBytes(new byte[4]); // a mask of zeros changes nothing
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    public String readLine() throws IOException {
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        return line == null ? "" : line;
    }

    public InputStream input() throws IOException {
        return socket.getInputStream();
    }

    /** Reads until the other side closes; the bytes that came. */
    public byte[] readToEnd() throws IOException {
        InputStream in = socket.getInputStream();
        try {
            return in.readAllBytes();
        } catch (SocketException reset) {
            return new byte[0];
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
