package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class TlsDialerTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path directory;

    private SSLContext context;
    private RawServer server;

    /** A server for this name, which this side trusts. */
    private void start(String name) throws Exception {
        Path file = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "engine", "-keyalg", "EC", "-dname", "CN=" + name,
                        "-ext", "san=dns:" + name, "-storetype", "PKCS12",
                        "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("engine", keys.getCertificate("engine"));
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        server = new RawServer(context.getServerSocketFactory(), "wss");
    }

    private WebSocket<String> open(SSLContext trust, Duration limit, URI address) throws IOException {
        return new Dialer(trust, limit, 1_000_000).open(address, UpgradeHeaders.NONE);
    }

    private Thread inBackground(ThrowingRunnable serving) {
        return Thread.startVirtualThread(() -> {
            try {
                serving.run();
            } catch (Exception e) {
                // The client does not want it.
            }
        });
    }

    private interface ThrowingRunnable {
        void run() throws Exception;
    }

    @BeforeEach
    void clean() {
        server = null;
    }

    @AfterEach
    void close() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldTalkOverTls() throws Exception {
        start("localhost");
        Thread serving = inBackground(server::open);
        WebSocket<String> socket = open(context, Duration.ofSeconds(20), server.address());
        serving.join();
        Heard heard = new Heard();
        socket.start(heard, Thread.ofPlatform().daemon().factory());

        byte[] large = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(socket.sendText("a", large)).isTrue();
        assertThat(server.receive().payload()).isEqualTo(large);
        server.sendText("hello");
        assertThat(heard.next()).isEqualTo("hello");
        socket.close();
        assertThat(server.receive().closeCode()).isEqualTo(1000);
        server.sendFrame(RawServer.FINAL | Opcode.CLOSE, new byte[] {3, (byte) 0xE8});
        assertThat(heard.next()).isEqualTo(new Ending.Closed(1000, ""));
    }

    @Test
    void shouldEndAtOnceWhenAborted() throws Exception {
        start("localhost");
        Thread serving = inBackground(server::open);
        WebSocket<String> socket = open(context, Duration.ofSeconds(20), server.address());
        serving.join();
        Heard heard = new Heard();
        socket.start(heard, Thread.ofPlatform().daemon().factory());

        socket.abort("enough");

        assertThat(heard.next()).isEqualTo(new Ending.Lost("enough"));
    }

    @Test
    void shouldNotTalkToAServerOfAnotherName() throws Exception {
        start("elsewhere.example");
        inBackground(server::accept);

        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> open(context, Duration.ofSeconds(20), server.address()))
                .withMessageContaining("localhost");
    }

    @Test
    void shouldNotTalkToAServerThatThePlatformDoesNotTrust() throws Exception {
        start("localhost");
        inBackground(server::accept);

        assertThatExceptionOfType(SSLException.class)
                .isThrownBy(() -> open(null, Duration.ofSeconds(20), server.address()));
    }

    @Test
    void shouldGiveUpOnAServerThatDoesNotSpeakTls() throws Exception {
        start("localhost");
        try (RawServer plain = new RawServer()) {
            inBackground(plain::accept);
            URI address = URI.create("wss://localhost:" + plain.address().getPort());

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> open(context, Duration.ofMillis(500), address))
                    .withMessage("no answer within 500 ms");
        }
    }
}
