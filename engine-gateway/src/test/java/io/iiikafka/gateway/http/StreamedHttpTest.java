package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Bodies through channels, both ways, with workers' ends as real sockets (spec: http.md 7, 8, 10, 11). */
class StreamedHttpTest {

    private HttpFixture http;
    private final LinkedBlockingQueue<Pending> calls = new LinkedBlockingQueue<>();

    /** A call that the test answers. */
    private record Pending(Call call, Promise<Outcome> outcome) {

        JsonNode requestBody() {
            return Functions.data(call).get("request_body");
        }

        JsonNode response() {
            return Functions.data(call).get("response");
        }

        void answer(String json) {
            outcome.complete(new Outcome.Success(json == null ? null : RawJson.of(json)));
        }
    }

    @BeforeEach
    void start() {
        http = new HttpFixture();
        http.functions.put("f", call -> {
            Promise<Outcome> outcome = Promise.promise();
            calls.add(new Pending(call, outcome));
            return outcome.future();
        });
        http.route("GET", "/get", "f");
        http.bind("post", "f", "{\"api_path\":\"/post\",\"http_method\":\"POST\"}");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private Pending next() {
        try {
            Pending pending = calls.poll(10, TimeUnit.SECONDS);
            assertThat(pending).as("a call within 10 s").isNotNull();
            return pending;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private ChannelPeer writer(Pending call) {
        return ChannelPeer.open(http.channelBase(), call.response());
    }

    private ChannelPeer reader(Pending call) {
        return ChannelPeer.open(http.channelBase(), call.requestBody());
    }

    private CompletableFuture<HttpResponse<String>> get() {
        return http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/get")).build(), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> post(String type, HttpRequest.BodyPublisher body) {
        return http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/post")).header("content-type", type).POST(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String status(int code) {
        return "{\"type\":\"set_status\",\"status_code\":" + code + "}";
    }

    private static String headers(String object) {
        return "{\"type\":\"set_headers\",\"headers\":" + object + "}";
    }

    @Test
    void shouldGiveRefsOfChannelsThatAreOpenOnce() {
        var answer = get();
        Pending call = next();

        for (JsonNode ref : List.of(call.requestBody(), call.response())) {
            assertThat(ref.size()).isEqualTo(3);
            assertThat(ref.get("channel_id").textValue())
                    .matches("00000007-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f-]{16}");
        }
        assertThat(call.requestBody().get("direction").textValue()).isEqualTo("read");
        assertThat(call.response().get("direction").textValue()).isEqualTo("write");
        assertThat(call.requestBody().get("access_key")).isNotEqualTo(call.response().get("access_key"));

        call.answer("{}");
        assertThat(answer.join().statusCode()).isEqualTo(200);
        Awaitility.await().until(() -> http.channels.size() == 0);
        assertThatThrownBy(() -> writer(call)).isInstanceOf(CompletionException.class);
    }

    @Test
    void shouldEndAtOnceWhenThereIsNoBody() {
        var answer = get();
        Pending call = next();
        try (ChannelPeer reader = reader(call)) {
            assertThat(reader.closeCode()).isEqualTo(1005);
            assertThat(reader.received()).isEmpty();
        }
        call.answer("1");
        answer.join();
    }

    @Test
    void shouldDeliverJsonByteForByteBesideTheParsedValue() {
        var answer = post("application/json", HttpRequest.BodyPublishers.ofString("{\"z\":2, \"a\":1}"));
        Pending call = next();
        try (ChannelPeer reader = reader(call)) {
            assertThat(new String(reader.allBytes(), StandardCharsets.UTF_8)).isEqualTo("{\"z\":2, \"a\":1}");
        }
        assertThat(Functions.data(call.call()).get("body").toString()).isEqualTo("{\"z\":2,\"a\":1}");
        call.answer("1");
        answer.join();
    }

    @Test
    void shouldStreamLargeJsonInSmallFramesAndGiveNullWhenItIsTooLargeToParse() {
        for (int size : List.of(1_500_000, 3_000_000)) {
            byte[] body = ("\"" + "x".repeat(size) + "\"").getBytes(StandardCharsets.UTF_8);
            var answer = post("application/json", HttpRequest.BodyPublishers.ofByteArray(body));
            Pending call = next();
            assertThat(Functions.data(call.call()).get("body").isTextual()).isEqualTo(size < 2_000_000);
            try (ChannelPeer reader = reader(call)) {
                assertThat(reader.allBytes()).isEqualTo(body);
                assertThat(reader.received())
                        .allSatisfy(frame -> assertThat((byte[]) frame).hasSizeLessThanOrEqualTo(65_536));
            }
            call.answer("1");
            assertThat(answer.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldDeliverMalformedJsonAndTextRaw() {
        for (String type : List.of("application/json", "text/plain")) {
            var answer = post(type, HttpRequest.BodyPublishers.ofString("{bad"));
            Pending call = next();
            assertThat(Functions.data(call.call()).get("body").isNull()).isTrue();
            try (ChannelPeer reader = reader(call)) {
                assertThat(new String(reader.allBytes(), StandardCharsets.UTF_8)).isEqualTo("{bad");
            }
            call.answer("1");
            answer.join();
        }
    }

    @Test
    void shouldCallTheHandlerBeforeTheUploadIsComplete() throws IOException {
        try (Socket client = upload("text/plain", 10)) {
            client.getOutputStream().write("first".getBytes());
            Pending call = next();
            try (ChannelPeer reader = reader(call)) {
                Awaitility.await().until(() -> new String(reader.bytes()).equals("first"));
                client.getOutputStream().write("later".getBytes());
                assertThat(new String(reader.allBytes())).isEqualTo("firstlater");
            }
            call.answer("\"done\"");
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldCloseTheReaderWithAnErrorWhenTheUploadBreaksOff() throws IOException {
        Pending call;
        ChannelPeer reader;
        try (Socket client = upload("text/plain", 10)) {
            client.getOutputStream().write("first".getBytes());
            call = next();
            reader = reader(call);
            Awaitility.await().until(() -> reader.bytes().length == 5);
        }
        assertThat(reader.closeCode()).isEqualTo(1011);
    }

    private Socket upload(String type, long length) throws IOException {
        Socket client = new Socket("127.0.0.1", http.room.port());
        client.setSoTimeout(10_000);
        client.getOutputStream().write(("POST /post HTTP/1.1\r\nhost: h\r\ncontent-type: " + type
                        + "\r\ncontent-length: "
                        + length + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        return client;
    }

    private static String readHead(InputStream in) throws IOException {
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

    @Test
    void shouldSayContinueBeforeReadingTheBody() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(("POST /post HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
                            + "expect: 100-continue\r\ncontent-length: 1\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 100");
            client.getOutputStream().write('7');
            Pending call = next();
            assertThat(Functions.data(call.call()).get("body").intValue()).isEqualTo(7);
            call.answer("1");
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldServeTheNextRequestWhenTheHandlerIgnoredALargeBody() {
        for (int i = 0; i < 2; i++) {
            var answer = post("application/octet-stream", HttpRequest.BodyPublishers.ofByteArray(random(12_000_000)));
            next().answer("\"ignored\"");
            assertThat(answer.join().body()).isEqualTo("\"ignored\"");
        }
    }

    @Test
    void shouldPassLargeBodiesBothWaysUnchanged() {
        byte[] document = random(9_000_000);
        var answer = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/post")).header("content-type", "application/pdf")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(document)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        Pending call = next();
        call.answer(null);
        try (ChannelPeer reader = reader(call);
                ChannelPeer writer = writer(call)) {
            byte[] arrived = reader.allBytes();
            assertThat(arrived).isEqualTo(document);
            writer.text(headers("{\"content-type\":\"application/pdf\"}"));
            for (int i = 0; i < arrived.length; i += 65_536) {
                writer.binary(Arrays.copyOfRange(arrived, i, Math.min(arrived.length, i + 65_536)));
            }
            writer.finish();
            assertThat(answer.join().body()).isEqualTo(document);
        }
    }

    @RepeatedTest(5)
    void shouldSendStatusAndHeadersOfControlMessagesWithTheFirstChunk() {
        var answer = get();
        Pending call = next();
        try (ChannelPeer writer = writer(call)) {
            writer.text("not JSON").text("{\"type\":\"other\"}").text("[1]").text(status(99)).text(status(600))
                    .text("{\"type\":\"set_status\",\"status_code\":\"404\"}")
                    .text(status(206))
                    .text(headers("{\"Content-Type\":\"text/html\",\"x-a\":\"1\",\"x-n\":7}"))
                    .text(headers("{\"content-type\":\"text/plain\",\"bad\\nname\":\"x\",\"x-l\":[\"a\",\"b\"]}"));
            assertThat(answer).isNotDone();
            writer.binary("hel").text(status(500)).text("ignored").binary("lo").finish();
            call.answer(null);
            answer.join();
        }
        HttpResponse<String> response = answer.join();

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo("hello");
        assertThat(response.headers().allValues("content-type")).containsExactly("text/plain");
        assertThat(response.headers().allValues("x-a")).containsExactly("1");
        assertThat(response.headers().allValues("x-l")).containsExactly("a", "b");
        assertThat(response.headers().map()).doesNotContainKeys("x-n", "content-length");
        assertThat(response.headers().allValues("transfer-encoding")).containsExactly("chunked");
        assertThat(response.headers().allValues("access-control-allow-origin")).containsExactly("*");
    }

    @Test
    void shouldSendAnEmptyBodyWhenTheWriterClosesWithoutAChunk() {
        var answer = get();
        Pending call = next();
        try (ChannelPeer writer = writer(call)) {
            writer.text(status(202)).text(headers("{\"x-test\":\"yes\"}")).finish();
            HttpResponse<String> response = answer.join();
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.headers().firstValue("x-test")).hasValue("yes");
            assertThat(response.headers().map()).doesNotContainKey("content-type");
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void shouldWaitForTheChannelWhenTheHandlerReturnsNothing() {
        var answer = get();
        Pending call = next();
        call.answer("null");
        try (ChannelPeer writer = writer(call)) {
            writer.text(status(201)).binary("a").binary("b").finish();
            assertThat(answer.join().statusCode()).isEqualTo(201);
            assertThat(answer.join().body()).isEqualTo("ab");
        }
    }

    @Test
    void shouldPreferTheReturnedValueToControlMessages() {
        var answer = get();
        Pending call = next();
        try (ChannelPeer writer = writer(call)) {
            writer.text(status(202)).text(headers("{\"x-test\":\"yes\"}"));
            call.answer("{\"status_code\":203,\"body\":1}");
            assertThat(answer.join().statusCode()).isEqualTo(203);
            assertThat(answer.join().headers().map()).doesNotContainKey("x-test");
            assertThat(writer.closeCode()).isNotZero(); // its writing is in vain
        }
    }

    @Test
    void shouldIgnoreWhatIsReturnedAfterTheFirstChunk() {
        for (String value : Arrays.asList("{\"status_code\":500}", null)) {
            var answer = get();
            Pending call = next();
            try (ChannelPeer writer = writer(call)) {
                writer.binary("a");
                Awaitility.await().pollDelay(Duration.ZERO).until(() -> http.channels.size() > 0);
                Awaitility.await().during(Duration.ofMillis(50)).until(() -> !answer.isDone());
                call.answer(value);
                writer.binary("b").finish();
                assertThat(answer.join().statusCode()).isEqualTo(200);
                assertThat(answer.join().body()).isEqualTo("ab");
            }
        }
    }

    @Test
    void shouldIgnoreAnErrorAfterTheFirstChunkButAnswer500Before() {
        var late = get();
        Pending first = next();
        try (ChannelPeer writer = writer(first)) {
            writer.binary("a");
            Awaitility.await().during(Duration.ofMillis(50)).until(() -> !late.isDone());
            first.outcome().complete(new Outcome.Failure(new ErrorBody("invocation_failed", "late")));
            writer.finish();
            assertThat(late.join().body()).isEqualTo("a");
        }
        var early = get();
        Pending second = next();
        try (ChannelPeer writer = writer(second)) {
            writer.text(status(202));
            second.outcome().complete(new Outcome.Failure(new ErrorBody("invocation_failed", "early")));
            assertThat(early.join().statusCode()).isEqualTo(500);
            assertThat(json(early.join()).at("/error/message").textValue()).isEqualTo("early");
        }
    }

    @Test
    void shouldLimitTheTimeToTheFirstChunkButNotTheBody() {
        http.configure(settings -> settings.timeout = Duration.ofMillis(150));
        var answer = get();
        Pending call = next();
        call.answer(null);
        try (ChannelPeer writer = writer(call)) {
            writer.binary("a");
            Awaitility.await().during(Duration.ofMillis(400)).until(() -> !answer.isDone());
            writer.binary("b").finish();
            assertThat(answer.join().body()).isEqualTo("ab");
        }
        var silent = get();
        Pending mute = next();
        mute.answer(null);
        try (ChannelPeer writer = writer(mute)) {
            writer.text(status(202));
            assertThat(silent.join().statusCode()).isEqualTo(504);
        }
    }

    @Test
    void shouldFlushEachEventAtOnce() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            Pending call = next();
            call.answer(null);
            try (ChannelPeer writer = writer(call)) {
                writer.text(headers("{\"content-type\":\"text/event-stream\",\"cache-control\":\"no-cache\","
                        + "\"connection\":\"keep-alive\"}"));
                writer.binary("data: 0\n\n");
                assertThat(readHead(client.getInputStream()).toLowerCase())
                        .contains("content-type: text/event-stream", "connection: keep-alive", "chunked");
                assertThat(readChunk(client.getInputStream())).isEqualTo("data: 0\n\n");
                for (int i = 1; i < 4; i++) {
                    writer.binary("data: " + i + "\n\n");
                    assertThat(readChunk(client.getInputStream())).isEqualTo("data: " + i + "\n\n");
                }
                writer.finish();
                assertThat(readChunk(client.getInputStream())).isEmpty();
            }
        }
    }

    private static String readChunk(InputStream in) throws IOException {
        StringBuilder size = new StringBuilder();
        while (size.indexOf("\r\n") < 0) {
            size.append((char) in.read());
        }
        byte[] chunk = in.readNBytes(Integer.parseInt(size.toString().strip(), 16));
        in.readNBytes(2);
        return new String(chunk, StandardCharsets.UTF_8);
    }

    @Test
    void shouldBreakTheConnectionWhenTheWriterIsLostInTheBody() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            ChannelPeer writer = writer(next());
            writer.binary("part");
            readHead(client.getInputStream());
            assertThat(readChunk(client.getInputStream())).isEqualTo("part");
            writer.cut();

            assertThat(restOf(client.getInputStream())).doesNotContain("0\r\n");
        }
    }

    private static String restOf(InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException reset) {
            return "";
        }
    }

    @Test
    void shouldNotTakeALostWriterForAnAnswerBeforeItsFirstChunk() {
        var answer = get();
        Pending call = next();
        ChannelPeer writer = writer(call);
        writer.text(status(202));
        writer.cut();
        call.outcome().complete(new Outcome.Failure(new ErrorBody("invocation_stopped", "Invocation stopped")));

        assertThat(answer.join().statusCode()).isEqualTo(500);
        assertThat(json(answer.join()).at("/error/code").textValue()).isEqualTo("invocation_stopped");
    }

    @Test
    void shouldCutTheWriterPromptlyWhenTheClientIsGone() throws IOException {
        ChannelPeer writer;
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            writer = writer(next());
            writer.binary("part");
            readHead(client.getInputStream());
        }
        assertThat(writer.closeCode()).isNotZero();
        Awaitility.await().until(() -> http.channels.size() == 0);
    }

    @Test
    void shouldPushBackWhenTheClientIsSlow() throws Exception {
        byte[] all = random(40_000_000);
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            Pending call = next();
            call.answer(null);
            try (ChannelPeer writer = writer(call)) {
                writer.text(headers("{\"content-length\":\"" + all.length + "\"}"));
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < all.length; i += 65_536) {
                        writer.binary(Arrays.copyOfRange(all, i, Math.min(all.length, i + 65_536)));
                    }
                    writer.finish();
                });
                Awaitility.await().during(Duration.ofMillis(400)).until(() -> !sending.isDone());
                assertThat(readHead(client.getInputStream())).contains("content-length: " + all.length);
                assertThat(client.getInputStream().readNBytes(all.length)).isEqualTo(all);
                sending.get(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void shouldBreakTheConnectionWhenTheBodyIsNotOfItsDeclaredLength() throws IOException {
        for (String body : List.of("x", "too long")) {
            try (Socket client = new Socket("127.0.0.1", http.room.port())) {
                client.setSoTimeout(10_000);
                client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
                try (ChannelPeer writer = writer(next())) {
                    writer.text(headers("{\"content-length\":\"3\"}")).binary(body);
                    writer.finish();
                    assertThat(restOf(client.getInputStream())).doesNotEndWith("too");
                }
            } catch (CompletionException cutMeanwhile) {
                assertThat(body).isEqualTo("too long");
            }
        }
    }

    @Test
    void shouldSendHeadOnlyWhenTheStreamIsAskedForItsHead() {
        var answer = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/get")).HEAD().build(), HttpResponse.BodyHandlers.ofString());
        Pending call = next();
        try (ChannelPeer writer = writer(call)) {
            writer.text(status(206)).binary("body").finish();
            assertThat(answer.join().statusCode()).isEqualTo(206);
            assertThat(answer.join().body()).isEmpty();
        }
    }

    @Test
    void shouldLetAConnectedReaderFinishAfterTheResponse() throws IOException {
        try (Socket client = upload("text/plain", 10)) {
            OutputStream out = client.getOutputStream();
            out.write("first".getBytes());
            Pending call = next();
            try (ChannelPeer reader = reader(call)) {
                Awaitility.await().until(() -> reader.bytes().length == 5);
                call.answer("1");
                assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200");
                out.write("later".getBytes());
                assertThat(new String(reader.allBytes())).isEqualTo("firstlater");
            }
        }
    }
}
