package io.iiikafka.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Reads responses off a bare socket. */
final class RawResponse {

    private RawResponse() {}

    /** Up to the empty line, and no further. */
    static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** The next chunk of a chunked body; empty at its end. */
    static String readChunk(InputStream in) throws IOException {
        StringBuilder size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            size.append((char) in.read());
        }
        byte[] chunk = in.readNBytes(Integer.parseInt(size.toString().strip(), 16));
        in.readNBytes(2);
        return new String(chunk, StandardCharsets.UTF_8);
    }

    /** All until the engine closes, or cuts, the connection. */
    static String restOf(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException reset) {
            return "";
        }
    }
}
