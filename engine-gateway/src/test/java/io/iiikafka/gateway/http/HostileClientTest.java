package io.iiikafka.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends: each must cost its sender a connection and nobody else anything. */
class HostileClientTest {

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");

    private HttpFixture http;

    @BeforeEach
    void start() {
        http = new HttpFixture();
        http.configure(settings -> {
            settings.idleTimeout = Duration.ofMillis(300);
            settings.timeout = Duration.ofSeconds(2);
            settings.slots = 2;
        });
        http.echo("POST", "/f", "f", "");
        http.echo("GET", "/{*rest}", "any", "");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    /** The status of each response on one connection. */
    private String statuses(String request) {
        Matcher matcher = STATUS.matcher(http.raw(request));
        return matcher.results().map(result -> result.group(1)).collect(Collectors.joining(" "));
    }

    /** Another server in front might see two requests where the engine sees one, or the other way round. */
    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\n1234",
        "Content-Length: 4, 5\r\n\r\n1234",
        "Content-Length: +4\r\n\r\n1234",
        "Content-Length: -4\r\n\r\n1234",
        "Content-Length: 0x4\r\n\r\n1234",
        "Content-Length: 99999999999999999999\r\n\r\n1234",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n1234",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 4\r\n\r\n1234",
        "X: a\u0000b\r\n\r\n",
        "X: a\rb\r\n\r\n",
        "X Y: a\r\n\r\n"
    })
    void shouldRefuseWhatIsNotClearAndEndTheConnection(String rest) {
        String smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

        assertThat(statuses("POST /f HTTP/1.1\r\nHost: h\r\n" + rest + smuggled)).isEqualTo("400");
        assertThat(http.functions.calls("any")).isEmpty();
        assertThat(http.functions.calls("f")).isEmpty();
    }

    /** RFC 9112 5.2: a line that begins with a blank belongs to the header before it, whatever it looks like. */
    @Test
    void shouldNotTakeAFoldedLineForAHeaderOfItsOwn() {
        assertThat(statuses("POST /f HTTP/1.1\r\nHost: h\r\nX: a\r\n Content-Length: 36\r\n\r\n"
                        + "GET /next HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .isEqualTo("200 200");
        assertThat(Functions.data(http.functions.calls("f").getFirst()).at("/headers/x").textValue())
                .isEqualTo("a Content-Length: 36");
        assertThat(http.functions.calls("any")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\n", "0x2\r\nab\r\n0\r\n\r\n", "-1\r\n", "+2\r\nab\r\n0\r\n\r\n", "2\nab\r\n0\r\n\r\n",
        "ffffffffffffffff\r\n", "2;a\nb\r\nab\r\n0\r\n\r\n", "2\r\nabXX0\r\n\r\n"})
    void shouldTakeABrokenChunkForABrokenUpload(String chunks) {
        String answers = http.raw("POST /f HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");

        assertThat(answers).doesNotContain("HTTP/1.1 200");
        assertThat(http.functions.calls("any")).isEmpty();
        assertThat(http.functions.calls("f")).isEmpty();
    }

    @Test
    void shouldTakeChunksOfHttp10ForNoBody() {
        assertThat(statuses("POST /f HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .isEqualTo("400");
    }

    @ParameterizedTest
    @CsvSource({
        "/a/../b, /a/../b",
        "/a/%2e%2e/b, /a/%2e%2e/b",
        "/a/%2E%2E%2Fb, /a/%2E%2E%2Fb",
        "/a%2fb, /a%2fb",
        "/a//b, /a//b",
        "/a/./b, /a/./b",
        "/a\\..\\b, /a\\..\\b",
        "/a%00b, /a%00b",
        "/%zz, /%zz",
        "/a;x=1, /a;x=1",
        "http://evil/a/b, /a/b"
    })
    void shouldPassPathsOnAsTheyCame(String target, String rawPath) {
        String answer = http.raw("GET " + target + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        assertThat(Functions.data(http.functions.calls("any").getFirst()).get("raw_path").textValue())
                .isEqualTo(rawPath);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT h:80", "OPTIONS *", "GET *", "GET a", "PRI *", "FOO /f", "GET /a b"})
    void shouldSurviveStrangeTargets(String start) {
        assertThat(statuses(start + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .hasSize(3)
                .doesNotStartWith("5");
        assertThat(http.get("/after").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldTakeAHugeQuery() {
        String query = IntStream.range(0, 10_000).mapToObj(i -> "k" + i + "=%").collect(Collectors.joining("&"));

        assertThat(query.length()).isGreaterThan(65_000 + 10_000);
        assertThat(statuses("GET /q?" + query + " HTTP/1.1\r\nHost: h\r\n\r\n")).isEqualTo("414");
        String shorter = query.substring(0, 65_000);
        assertThat(statuses("GET /q?" + shorter + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .isEqualTo("200");
    }

    @Test
    void shouldNotLetHandlersBreakTheFramingOfResponses() {
        http.functions.answer("any", "{\"headers\":{\"x\":\"a\\r\\nSet-Cookie: evil=1\",\"b\\r\\nc\":\"d\","
                + "\"e:f\":\"g\",\"h\":\"\\u560d\\u560aSet-Cookie: evil=1\",\"transfer-encoding\":\"chunked\","
                + "\"content-length\":\"3\",\"trailer\":\"x\",\"ok\":\"1\"},\"body\":\"body\"}");

        String answer = http.raw("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer.toLowerCase())
                .doesNotContain("evil", "transfer-encoding", "\nb", "e:f")
                .contains("\r\nok: 1\r\n", "\r\ncontent-length: 6\r\n")
                .endsWith("\r\n\r\n\"body\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"nonsense\"", "\"-1\"", "\"1, 2\"", "[\"1\",\"2\"]", "\"\""})
    void shouldNotSendANonsensicalLengthToHead(String length) {
        http.functions.answer("any", "{\"headers\":{\"content-length\":" + length + "},\"body\":\"body\"}");

        assertThat(http.raw("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").toLowerCase())
                .containsOnlyOnce("content-length:")
                .contains("\r\ncontent-length: 6\r\n");
    }

    @Test
    void shouldFreeItsSlotWhenABodyNeverCompletes() throws IOException {
        String head = "POST /f HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        try (Socket first = new Socket("127.0.0.1", http.room.port());
                Socket second = new Socket("127.0.0.1", http.room.port())) {
            for (Socket client : new Socket[] {first, second}) {
                client.setSoTimeout(10_000);
                client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 504 ");
            assertThat(http.get("/after").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldFreeItsSlotWhenTheClientIsGoneInItsBodyOrBeforeTheAnswer() throws IOException {
        Promise<Outcome> never = Promise.promise();
        http.functions.put("silent", call -> never.future());
        http.route("GET", "/silent/now", "silent");
        for (int i = 0; i < 6; i++) {
            try (Socket client = new Socket("127.0.0.1", http.room.port())) {
                client.getOutputStream().write((i % 2 == 0
                                ? "POST /f HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                                        + "Content-Length: 100\r\n\r\n{"
                                : "GET /silent/now HTTP/1.1\r\nHost: h\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                int expected = i / 2 + 1;
                if (i % 2 == 1) {
                    Awaitility.await().until(() -> http.functions.calls("silent").size() == expected);
                }
            }
        }
        assertThat(http.get("/after").statusCode()).isEqualTo(200);
        assertThat(http.functions.calls("f")).isEmpty();
        Awaitility.await().until(() -> http.channels.size() == 0);
    }

    @Test
    void shouldRefuseChannelsOfARequestThatIsOver() {
        http.functions.put("any", call -> Future.succeededFuture(new Outcome.Success(RawJson.of("1"))));
        http.get("/x");
        JsonNode payload = Functions.data(http.functions.calls("any").getFirst());

        for (String end : new String[] {"request_body", "response"}) {
            assertThat(ChannelPeer.upgradeStatus(http.channelBase(), payload.get(end))).as(end).isEqualTo(404);
        }
    }

    @Test
    void shouldEndAStreamToAnHttp10ClientByTheEndOfTheConnection() {
        http.functions.put("any", call -> {
            http.vertx.executeBlocking(() -> {
                try (ChannelPeer writer = ChannelPeer.open(http.channelBase(), Functions.data(call).get("response"))) {
                    writer.binary("one").binary("two").finish();
                    writer.closeCode();
                }
                return null;
            });
            return Future.succeededFuture(new Outcome.Success(null));
        });

        assertThat(http.raw("GET /x HTTP/1.0\r\nHost: h\r\n\r\n").toLowerCase())
                .doesNotContain("chunked")
                .endsWith("\r\n\r\nonetwo");
    }
}
