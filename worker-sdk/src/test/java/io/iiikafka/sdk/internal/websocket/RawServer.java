package io.iiikafka.sdk.internal.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ServerSocketFactory;

/** The other side, byte by byte: accepts one connection, answers as told, and reads what comes. */
final class RawServer implements AutoCloseable {

    static final int FINAL = 0x80;

    private final ServerSocket listener;
    private final String scheme;
    private Socket socket;
    private DataInputStream in;
    private OutputStream out;
    List<String> request = List.of();

    RawServer() throws IOException {
        this(ServerSocketFactory.getDefault(), "ws");
    }

    RawServer(ServerSocketFactory factory, String scheme) throws IOException {
        this.listener = factory.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        this.scheme = scheme;
    }

    URI address() {
        return URI.create(scheme + "://localhost:" + listener.getLocalPort());
    }

    /** Waits for the connection and its request. */
    void accept() throws IOException {
        listener.setSoTimeout(10_000);
        socket = listener.accept();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        readRequest();
    }

    void readRequest() throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.readUnsignedByte();
            line.append((char) c);
            if (c == '\n') {
                String text = line.toString().strip();
                line.setLength(0);
                if (text.isEmpty()) {
                    request = lines;
                    return;
                }
                lines.add(text);
            }
        }
    }

    String header(String name) {
        return request.stream()
                .filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("");
    }

    /** The answer that opens the socket. */
    String agreement() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-1")
                .digest((header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                        .getBytes(StandardCharsets.US_ASCII));
        return "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n";
    }

    RawServer open() throws Exception {
        accept();
        send(agreement());
        return this;
    }

    void send(String ascii) throws IOException {
        send(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void sendFrame(int head, byte[] payload) throws IOException {
        send(frame(head, payload));
    }

    void sendText(String text) throws IOException {
        sendFrame(FINAL | Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** An unmasked frame. */
    static byte[] frame(int head, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(head);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else if (payload.length < 65_536) {
            frame.writeBytes(new byte[] {126, (byte) (payload.length >> 8), (byte) payload.length});
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) payload.length >>> shift));
            }
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /** The client's next frame, unmasked. */
    Received receive() throws IOException {
        int head = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int shortLength = second & 0x7F;
        int length = switch (shortLength) {
            case 126 -> in.readUnsignedShort();
            case 127 -> (int) in.readLong();
            default -> shortLength;
        };
        byte[] mask = in.readNBytes((second & 0x80) == 0 ? 0 : 4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; mask.length > 0 && i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return new Received(head, mask.length > 0, shortLength, payload);
    }

    boolean hasEnded() throws IOException {
        return in.read() < 0;
    }

    /** Closes orderly, in TCP's sense. */
    void hangUp() throws IOException {
        socket.close();
    }

    /** Cuts with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        if (socket != null) {
            socket.close();
        }
    }

    record Received(int head, boolean masked, int shortLength, byte[] payload) {

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        }
    }
}
