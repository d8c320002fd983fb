package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An open WebSocket. One thread reads; one thread at a time gathers frames and writes them; any thread may cut it, which
 * ends what the others are doing with an exception.
 */
public final class ClientSocket {

    private static final int MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

    private final Socket transport;
    private final Source source;
    private final OutputStream out;
    private final FrameBatch batch = new FrameBatch();

    /** @param transport what carries it all; of a TLS connection the socket beneath, so that cutting never waits */
    ClientSocket(Socket transport, Source source, OutputStream out) {
        this.transport = transport;
        this.source = source;
        this.out = out;
    }

    /** Reads until the close frame of the other side has come and was told; else throws. */
    public void readAll(SocketEvents events) throws IOException {
        new MessageReader(source, MAX_MESSAGE_BYTES, events).readAll();
    }

    /** Bytes gathered and not yet written. */
    public int gathered() {
        return batch.size();
    }

    public void gatherText(byte[] utf8) {
        batch.add(Opcode.TEXT, utf8);
    }

    public void gatherPing() {
        batch.add(Opcode.PING, new byte[0]);
    }

    public void gatherPong(byte[] payload) {
        batch.add(Opcode.PONG, payload);
    }

    public void gatherClose(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = Arrays.copyOf(text, Math.min(text.length, 120));
        byte[] coded = new byte[2 + payload.length];
        coded[0] = (byte) (code >>> 8);
        coded[1] = (byte) code;
        System.arraycopy(payload, 0, coded, 2, payload.length);
        batch.add(Opcode.CLOSE, coded);
    }

    /** Writes what was gathered. */
    public void write() throws IOException {
        batch.writeTo(out);
    }

    /** Ends it without a word; may be called twice. */
    public void cut() {
        try {
            transport.close();
        } catch (IOException e) {
            // it is gone, then
        }
    }
}
