package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.RawResponse.readHead;
import static io.iiikafka.gateway.http.StreamedHttpTest.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.ChannelPeer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests through their channels, with the workers' ends as real sockets (spec: http.md 7, 8). */
class BodyHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    private final HeldCalls calls = new HeldCalls(http);

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldGiveRefsOfChannelsThatAreOpenOnce() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();

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
        assertThatThrownBy(() -> calls.writer(call)).isInstanceOf(CompletionException.class);
    }

    @Test
    void shouldEndAtOnceWhenThereIsNoBody() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        try (ChannelPeer reader = calls.reader(call)) {
            assertThat(reader.closeCode()).isEqualTo(1005);
            assertThat(reader.received()).isEmpty();
        }
        call.answer("1");
        answer.join();
    }

    @Test
    void shouldDeliverJsonByteForByteBesideTheParsedValue() {
        var answer = calls.post("application/json", HttpRequest.BodyPublishers.ofString("{\"z\":2, \"a\":1}"));
        HeldCalls.Held call = calls.next();
        try (ChannelPeer reader = calls.reader(call)) {
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
            var answer = calls.post("application/json", HttpRequest.BodyPublishers.ofByteArray(body));
            HeldCalls.Held call = calls.next();
            assertThat(Functions.data(call.call()).get("body").isTextual()).isEqualTo(size < 2_000_000);
            try (ChannelPeer reader = calls.reader(call)) {
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
            var answer = calls.post(type, HttpRequest.BodyPublishers.ofString("{bad"));
            HeldCalls.Held call = calls.next();
            assertThat(Functions.data(call.call()).get("body").isNull()).isTrue();
            try (ChannelPeer reader = calls.reader(call)) {
                assertThat(new String(reader.allBytes(), StandardCharsets.UTF_8)).isEqualTo("{bad");
            }
            call.answer("1");
            answer.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "image/png"})
    void shouldStreamWhatIsNoJsonWithoutLookingIntoIt(String type) {
        byte[] body = random(5_000);
        var answer = http.client.sendAsync(
                type.isEmpty()
                        ? HttpRequest.newBuilder(http.uri("/post")).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build()
                        : HttpRequest.newBuilder(http.uri("/post")).header("content-type", type)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(),
                HttpResponse.BodyHandlers.ofString());
        HeldCalls.Held call = calls.next();
        assertThat(Functions.data(call.call()).get("body").isNull()).isTrue();
        try (ChannelPeer reader = calls.reader(call)) {
            assertThat(reader.allBytes()).isEqualTo(body);
        }
        call.answer("1");
        answer.join();
    }

    @Test
    void shouldEndAtOnceWhenJsonIsEmpty() {
        var answer = calls.post("application/json", HttpRequest.BodyPublishers.noBody());
        HeldCalls.Held call = calls.next();
        assertThat(Functions.data(call.call()).get("body").isNull()).isTrue();
        try (ChannelPeer reader = calls.reader(call)) {
            assertThat(reader.allBytes()).isEmpty();
            assertThat(reader.received()).isEmpty();
        }
        call.answer("1");
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }

    @Test
    void shouldCallTheHandlerBeforeTheUploadIsComplete() throws IOException {
        try (Socket client = upload("text/plain", 10)) {
            client.getOutputStream().write("first".getBytes());
            HeldCalls.Held call = calls.next();
            try (ChannelPeer reader = calls.reader(call)) {
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
        HeldCalls.Held call;
        ChannelPeer reader;
        try (Socket client = upload("text/plain", 10)) {
            client.getOutputStream().write("first".getBytes());
            call = calls.next();
            reader = calls.reader(call);
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

    @Test
    void shouldSayContinueBeforeReadingTheBody() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(("POST /post HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
                            + "expect: 100-continue\r\ncontent-length: 1\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 100");
            client.getOutputStream().write('7');
            HeldCalls.Held call = calls.next();
            assertThat(Functions.data(call.call()).get("body").intValue()).isEqualTo(7);
            call.answer("1");
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void shouldServeTheNextRequestWhenTheHandlerIgnoredALargeBody() {
        for (int i = 0; i < 2; i++) {
            var answer = calls.post("application/octet-stream", HttpRequest.BodyPublishers.ofByteArray(random(12_000_000)));
            calls.next().answer("\"ignored\"");
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
        HeldCalls.Held call = calls.next();
        call.answer(null);
        try (ChannelPeer reader = calls.reader(call);
                ChannelPeer writer = calls.writer(call)) {
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

    @Test
    void shouldLetAConnectedReaderFinishAfterTheResponse() throws IOException {
        try (Socket client = upload("text/plain", 10)) {
            OutputStream out = client.getOutputStream();
            out.write("first".getBytes());
            HeldCalls.Held call = calls.next();
            try (ChannelPeer reader = calls.reader(call)) {
                Awaitility.await().until(() -> reader.bytes().length == 5);
                call.answer("1");
                assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 200");
                out.write("later".getBytes());
                assertThat(new String(reader.allBytes())).isEqualTo("firstlater");
            }
        }
    }
}
