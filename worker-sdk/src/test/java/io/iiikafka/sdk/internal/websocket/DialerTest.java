package io.iiikafka.sdk.internal.websocket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@Timeout(30)
class DialerTest {

    private final Dialer dialer = new Dialer(null, Duration.ofSeconds(10), 1_000_000);
    private final Dialer hasty = new Dialer(null, Duration.ofSeconds(3), 1_000_000);
    private RawServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RawServer();
    }

    @AfterEach
    void close() throws Exception {
        dialer.close();
        hasty.close();
        server.close();
    }

    private CompletableFuture<WebSocket<String>> open(Dialer by, URI address, UpgradeHeaders headers) {
        CompletableFuture<WebSocket<String>> opening = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                opening.complete(by.open(address, headers));
            } catch (IOException | RuntimeException e) {
                opening.completeExceptionally(e);
            }
        });
        return opening;
    }

    private CompletableFuture<WebSocket<String>> open() {
        return open(dialer, server.address(), UpgradeHeaders.NONE);
    }

    private static Throwable failure(CompletableFuture<?> opening) throws Exception {
        try {
            opening.get(20, TimeUnit.SECONDS);
            throw new AssertionError("opened");
        } catch (ExecutionException e) {
            return e.getCause();
        }
    }

    @Test
    void shouldAskForAnUpgradeWithPathQueryAndHeaders() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open(
                dialer,
                URI.create(server.address() + "/a%20b/é?token=x%26y&z=ü"),
                new UpgradeHeaders(Map.of("Authorization", "Bearer abc")));

        server.open();

        assertThat(opening).succeedsWithin(Duration.ofSeconds(5));
        assertThat(server.request.getFirst()).isEqualTo("GET /a%20b/%C3%A9?token=x%26y&z=%C3%BC HTTP/1.1");
        assertThat(server.header("Host")).isEqualTo(server.address().getAuthority());
        assertThat(server.header("Upgrade")).isEqualTo("websocket");
        assertThat(server.header("Connection")).isEqualTo("Upgrade");
        assertThat(server.header("Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(Base64.getDecoder().decode(server.header("Sec-WebSocket-Key"))).hasSize(16);
        assertThat(server.header("Authorization")).isEqualTo("Bearer abc");
        assertThat(server.header("Sec-WebSocket-Extensions")).isEmpty();
    }

    @Test
    void shouldAskForTheRootWhenTheAddressHasNoPath() throws Exception {
        open();

        server.accept();

        assertThat(server.request.getFirst()).isEqualTo("GET / HTTP/1.1");
    }

    @Test
    void shouldHearWhatComesRightBehindTheAnswer() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send(server.agreement() + "\u0081\u0002hi");
        Heard heard = new Heard();

        opening.get(5, TimeUnit.SECONDS).start(heard, Thread.ofVirtual().factory());

        assertThat(heard.next()).isEqualTo("hi");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 400, 401, 404, 426, 503})
    void shouldNameTheStatusOfARefusal(int status) throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send("HTTP/1.1 " + status + " So\r\nLocation: ws://localhost:1/\r\ncontent-length: 2\r\n\r\nno");

        assertThat(failure(opening))
                .isInstanceOf(HandshakeException.class)
                .hasMessage("answered with HTTP status " + status)
                .extracting(e -> ((HandshakeException) e).status())
                .isEqualTo(status);
        assertThat(server.hasEnded()).isTrue();
    }

    @Test
    void shouldNotTrustAnAnswerToAnotherKey() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send(server.agreement().replaceAll("Accept: .{4}", "Accept: AAAA"));

        assertThat(failure(opening))
                .isInstanceOf(HandshakeException.class)
                .hasMessageContaining("Sec-WebSocket-Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"upgrade: WebSocket", "Connection: keep-alive, upgrade"})
    void shouldWantTheUpgradeConfirmed(String line) throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send(server.agreement().replace(line + "\r\n", ""));

        assertThat(failure(opening)).isInstanceOf(HandshakeException.class).hasMessageContaining("did not upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat"})
    void shouldNotTakeWhatWasNotOffered(String line) throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send(server.agreement().replace("\r\n\r\n", "\r\n" + line + "\r\n\r\n"));

        assertThat(failure(opening)).isInstanceOf(HandshakeException.class).hasMessageContaining("none was offered");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH\r\n\r\n", "HTTP/2 101\r\n\r\n", "\r\n\r\n\r\n", "HTTP/1.1 1O1 x\r\n\r\n"})
    void shouldSayWhenTheAnswerIsNotHttp(String answer) throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send(answer);
        server.hangUp();

        assertThat(failure(opening)).isInstanceOf(IOException.class).hasMessageContaining("not HTTP");
    }

    @Test
    void shouldNotReadAnEndlessHead() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send("HTTP/1.1 101 x\r\nx: " + "y".repeat(20_000));

        assertThat(failure(opening)).hasMessageContaining("more than 16384 bytes");
    }

    @Test
    void shouldFailWhenTheAnswerBreaksOff() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open();
        server.accept();
        server.send("HTTP/1.1 101 Switch");
        server.hangUp();

        assertThat(failure(opening)).isInstanceOf(IOException.class).hasMessageContaining("cut off");
    }

    @Test
    void shouldGiveUpOnAServerThatSaysNothing() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open(hasty, server.address(), UpgradeHeaders.NONE);
        server.accept();

        assertThat(failure(opening)).isInstanceOf(SocketTimeoutException.class).hasMessage("no answer within 3000 ms");
        assertThat(server.hasEnded()).isTrue();
    }

    @Test
    void shouldGiveUpOnAServerThatAnswersTooSlowly() throws Exception {
        CompletableFuture<WebSocket<String>> opening = open(hasty, server.address(), UpgradeHeaders.NONE);
        server.accept();
        Thread drip = Thread.startVirtualThread(() -> {
            try {
                for (char c : server.agreement().toCharArray()) {
                    server.send(String.valueOf(c));
                    Thread.sleep(100);
                }
            } catch (Exception e) {
                // The other side has given up.
            }
        });

        assertThat(failure(opening)).isInstanceOf(SocketTimeoutException.class);
        drip.join();
    }

    @Test
    void shouldSayThatNobodyListens() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(failure(open(dialer, URI.create("ws://127.0.0.1:" + free), UpgradeHeaders.NONE)))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldSayThatTheHostIsUnknown() throws Exception {
        assertThat(failure(open(dialer, URI.create("ws://no-such-host.invalid"), UpgradeHeaders.NONE)))
                .isInstanceOf(UnknownHostException.class);
    }

    @Test
    void shouldGoThroughThePlatformsProxy() throws Exception {
        ProxySelector platform = ProxySelector.getDefault();
        try (RawServer proxy = new RawServer()) {
            ProxySelector.setDefault(
                    ProxySelector.of(new InetSocketAddress("localhost", proxy.address().getPort())));
            CompletableFuture<WebSocket<String>> opening =
                    open(dialer, URI.create("ws://engine.invalid:4711/x"), UpgradeHeaders.NONE);
            proxy.accept();
            assertThat(proxy.request.getFirst()).startsWith("CONNECT engine.invalid:4711 HTTP/1.");
            proxy.send("HTTP/1.1 200 Connected\r\n\r\n");
            proxy.readRequest();
            assertThat(proxy.request.getFirst()).isEqualTo("GET /x HTTP/1.1");
            proxy.send(proxy.agreement());

            assertThat(opening).succeedsWithin(Duration.ofSeconds(5));
        } finally {
            ProxySelector.setDefault(platform);
        }
    }

    @Test
    void shouldEndWhatIsBeingOpenedAndWhatIsOpenWhenClosed() throws Exception {
        CompletableFuture<WebSocket<String>> open = open();
        server.open();
        Heard heard = new Heard();
        open.get(5, TimeUnit.SECONDS).start(heard, Thread.ofVirtual().factory());
        try (RawServer silent = new RawServer()) {
            CompletableFuture<WebSocket<String>> opening = open(dialer, silent.address(), UpgradeHeaders.NONE);
            silent.accept();

            dialer.close();

            assertThat(failure(opening)).isInstanceOf(IOException.class);
            assertThat(heard.next()).isInstanceOf(Ending.Lost.class);
            assertThat(failure(open(dialer, silent.address(), UpgradeHeaders.NONE))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldRefuseHeadersThatWouldBreakTheRequest() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UpgradeHeaders(Map.of("x", "a\r\nEvil: b")))
                .withMessageContaining("header x has a line break");
        assertThatIllegalArgumentException().isThrownBy(() -> new UpgradeHeaders(Map.of("a:b", "c")));
        assertThatIllegalArgumentException().isThrownBy(() -> new UpgradeHeaders(Map.of("", "c")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UpgradeHeaders(Map.of("Sec-WebSocket-Key", "c")))
                .withMessageContaining("leave it out");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new UpgradeHeaders(Map.of("host", "c")));
    }
}
