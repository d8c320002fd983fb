package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** Makes a WebSocket of an HTTP/1.1 connection (RFC 6455, section 4). */
final class Handshake {

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final URI address;
    private final UpgradeHeaders headers;
    private final String key;

    Handshake(URI address, UpgradeHeaders headers, SecureRandom random) {
        this.address = address;
        this.headers = headers;
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    void request(OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder(256).append("GET ").append(target()).append(" HTTP/1.1\r\n");
        header(head, "Host", host());
        header(head, "Upgrade", "websocket");
        header(head, "Connection", "Upgrade");
        header(head, "Sec-WebSocket-Key", key);
        header(head, "Sec-WebSocket-Version", "13");
        headers.values().forEach((name, value) -> header(head, name, value));
        out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void header(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    private String target() {
        URI ascii = URI.create(address.toASCIIString());
        String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + '?' + ascii.getRawQuery();
    }

    private String host() {
        return address.getPort() < 0 ? address.getHost() : address.getHost() + ':' + address.getPort();
    }

    /** @throws HandshakeException if the answer is anything but a WebSocket */
    void response(InputBuffer in) throws IOException {
        List<String> head = head(in);
        int status = status(head.getFirst());
        if (status != SWITCHING_PROTOCOLS) {
            throw new HandshakeException(status, "answered with HTTP status " + status);
        }
        if (!valueOf(head, "upgrade").equalsIgnoreCase("websocket")
                || !List.of(valueOf(head, "connection").toLowerCase(Locale.ROOT).split("\\s*,\\s*"))
                        .contains("upgrade")) {
            throw new HandshakeException(status, "did not upgrade to a WebSocket");
        }
        if (!valueOf(head, "sec-websocket-accept").equals(accept())) {
            throw new HandshakeException(status, "answered with a wrong Sec-WebSocket-Accept");
        }
        if (!valueOf(head, "sec-websocket-extensions").isEmpty()
                || !valueOf(head, "sec-websocket-protocol").isEmpty()) {
            throw new HandshakeException(status, "answered with an extension or a subprotocol, where none was offered");
        }
    }

    private static List<String> head(InputBuffer in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int count = 0; count < MAX_HEAD_BYTES; count++) {
            int c = in.read();
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String text = line.toString().stripTrailing();
            line.setLength(0);
            if (text.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            lines.add(text);
        }
        throw new HandshakeException(0, "answered with a head of more than " + MAX_HEAD_BYTES + " bytes");
    }

    private static int status(String line) throws HandshakeException {
        if (!line.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
            throw new HandshakeException(0, "answered with something that is not HTTP/1.1");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    /** All values of a header, joined as RFC 9110 allows; empty when there is none. */
    private static String valueOf(List<String> head, String name) {
        List<String> values = new ArrayList<>();
        for (String line : head) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                values.add(line.substring(colon + 1).strip());
            }
        }
        return String.join(",", values);
    }

    private String accept() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
