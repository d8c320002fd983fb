package io.iiikafka.sdk.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HandshakeTest {

    private final Handshake handshake = new Handshake(Map.of("x-token", "t"), null, Duration.ofSeconds(5));
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private URI address() {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + "/path?q=1");
    }

    /** Answers the first connection with these bytes, and gives the request. */
    private CompletableFuture<String> answer(String answer) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                Socket socket = server.accept();
                Source source = new Source(socket.getInputStream());
                StringBuilder request = new StringBuilder();
                for (String line = source.line(1000); !line.isEmpty(); line = source.line(1000)) {
                    request.append(line).append('\n');
                }
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                if (answer.isEmpty() || answer.startsWith("HTTP/1.1 101")) {
                    return request.toString(); // left open
                }
                socket.close();
                return request.toString();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 401 Unauthorized\r\n\r\n', answered with HTTP status 401",
        "'HTTP/1.1 302 Found\r\nLocation: ws://elsewhere\r\n\r\n', answered with HTTP status 302",
        "'SSH-2.0-OpenSSH\r\n', does not speak HTTP",
        "'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: bm8=\r\n\r\n', is no WebSocket server",
        "'HTTP/1.1 101 Switching Protocols\r\n\r\n', is no WebSocket server",
        "'HTTP/1.1 101 Swit', the connection was cut",
    })
    void shouldSayWhyThereIsNoConnection(String answer, String why) {
        CompletableFuture<String> request = answer(why.startsWith("the conn") ? answer.replace("101", "102") : answer);

        assertThatThrownBy(() -> handshake.open(address(), socket -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
        assertThat(request.join()).startsWith("GET /path?q=1 HTTP/1.1\n").contains("x-token: t\n");
    }

    @Test
    void shouldNotReadAHeadWithoutEnd() {
        answer("HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000));

        assertThatThrownBy(() -> handshake.open(address(), socket -> {})).hasMessageContaining("too long");
    }

    @Test
    void shouldNotWaitForAServerThatSaysNothing() {
        answer("");
        Handshake hasty = new Handshake(Map.of(), null, Duration.ofMillis(200));

        assertThatThrownBy(() -> hasty.open(address(), socket -> {})).hasMessageContaining("no answer to the upgrade");
    }

    @Test
    void shouldEndWhenAnotherThreadClosesTheSocket() {
        CompletableFuture<String> request = answer("");
        CompletableFuture<Socket> begun = new CompletableFuture<>();
        request.thenAcceptBoth(begun, (head, socket) -> {
            try {
                socket.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThatThrownBy(() -> handshake.open(address(), begun::complete)).isInstanceOf(IOException.class);
    }

    @Test
    void shouldRefuseAHeaderThatWouldMakeTwo() {
        answer("");
        Handshake forged = new Handshake(Map.of("a", "b\r\nc: d"), null, Duration.ofSeconds(5));

        assertThatThrownBy(() -> forged.open(address(), socket -> {})).isInstanceOf(IllegalArgumentException.class);
    }
}
