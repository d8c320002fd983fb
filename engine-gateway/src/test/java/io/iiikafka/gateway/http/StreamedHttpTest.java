package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.BodyHttpTest.random;
import static io.iiikafka.gateway.http.HttpFixture.json;
import static io.iiikafka.gateway.http.RawResponse.readChunk;
import static io.iiikafka.gateway.http.RawResponse.readHead;
import static io.iiikafka.gateway.http.RawResponse.restOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.testing.ChannelPeer;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.record.Outcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses that handlers write to a channel, with the workers' ends as real sockets (spec: http.md 10, 11). */
class StreamedHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    private final HeldCalls calls = new HeldCalls(http);

    private static String status(int code) {
        return "{\"type\":\"set_status\",\"status_code\":" + code + "}";
    }

    static String headers(String object) {
        return "{\"type\":\"set_headers\",\"headers\":" + object + "}";
    }

    @RepeatedTest(5)
    void shouldSendStatusAndHeadersOfControlMessagesWithTheFirstChunk() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        try (ChannelPeer writer = calls.writer(call)) {
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
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        try (ChannelPeer writer = calls.writer(call)) {
            writer.text(status(202)).text(headers("{\"x-test\":\"yes\"}")).finish();
            HttpResponse<String> response = answer.join();
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.headers().firstValue("x-test")).hasValue("yes");
            assertThat(response.headers().map()).doesNotContainKey("content-type");
            assertThat(response.body()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"1000,''", "1000,channel_close", "1001,going", "1011,boom", "4000,own"})
    void shouldTakeAnyCloseFrameForTheEndOfTheBody(int code, String reason) {
        var answer = calls.get();
        try (ChannelPeer writer = calls.writer(calls.next())) {
            writer.binary("whole").finish(code, reason);
            assertThat(answer.join().body()).isEqualTo("whole");
        }
    }

    @Test
    void shouldHoldNoSlotOnceTheHeadIsOut() {
        http.configure(settings -> settings.slots = 1);
        var first = calls.get();
        try (ChannelPeer writer = calls.writer(calls.next())) {
            writer.binary("a");
            Awaitility.await().until(() -> http.get("/nowhere").statusCode() == 404); // which needs a slot, too
            writer.binary("b").finish();
            assertThat(first.join().body()).isEqualTo("ab");
        }
    }

    @Test
    void shouldWaitForTheChannelWhenTheHandlerReturnsNothing() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        call.answer("null");
        try (ChannelPeer writer = calls.writer(call)) {
            writer.text(status(201)).binary("a").binary("b").finish();
            assertThat(answer.join().statusCode()).isEqualTo(201);
            assertThat(answer.join().body()).isEqualTo("ab");
        }
    }

    @Test
    void shouldPreferTheReturnedValueToControlMessages() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        try (ChannelPeer writer = calls.writer(call)) {
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
            var answer = calls.get();
            HeldCalls.Held call = calls.next();
            try (ChannelPeer writer = calls.writer(call)) {
                writer.binary("a");
                Awaitility.await().pollDelay(Duration.ZERO).until(() -> http.channels.size() > 0);
                Awaitility.await().during(Duration.ofMillis(300)).until(() -> !answer.isDone());
                call.answer(value);
                writer.binary("b").finish();
                assertThat(answer.join().statusCode()).isEqualTo(200);
                assertThat(answer.join().body()).isEqualTo("ab");
            }
        }
    }

    @Test
    void shouldIgnoreAnErrorAfterTheFirstChunkButAnswer500Before() {
        var late = calls.get();
        HeldCalls.Held first = calls.next();
        try (ChannelPeer writer = calls.writer(first)) {
            writer.binary("a");
            Awaitility.await().during(Duration.ofMillis(300)).until(() -> !late.isDone());
            first.outcome().complete(new Outcome.Failure(new ErrorBody("invocation_failed", "late")));
            writer.finish();
            assertThat(late.join().body()).isEqualTo("a");
        }
        var early = calls.get();
        HeldCalls.Held second = calls.next();
        try (ChannelPeer writer = calls.writer(second)) {
            writer.text(status(202));
            second.outcome().complete(new Outcome.Failure(new ErrorBody("invocation_failed", "early")));
            assertThat(early.join().statusCode()).isEqualTo(500);
            assertThat(json(early.join()).at("/error/message").textValue()).isEqualTo("early");
        }
    }

    @Test
    void shouldLimitTheTimeToTheFirstChunkButNotTheBody() {
        http.configure(settings -> settings.timeout = Duration.ofSeconds(4));
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        call.answer(null);
        try (ChannelPeer writer = calls.writer(call)) {
            writer.binary("a");
            Awaitility.await().during(Duration.ofMillis(4_500)).until(() -> !answer.isDone());
            writer.binary("b").finish();
            assertThat(answer.join().body()).isEqualTo("ab");
        }
        var silent = calls.get();
        HeldCalls.Held mute = calls.next();
        mute.answer(null);
        try (ChannelPeer writer = calls.writer(mute)) {
            writer.text(status(202));
            assertThat(silent.join().statusCode()).isEqualTo(504);
        }
    }

    @Test
    void shouldFlushEachEventAtOnce() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            HeldCalls.Held call = calls.next();
            call.answer(null);
            try (ChannelPeer writer = calls.writer(call)) {
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

    @Test
    void shouldBreakTheConnectionWhenTheWriterIsLostInTheBody() throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write("GET /get HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            ChannelPeer writer = calls.writer(calls.next());
            writer.binary("part");
            readHead(client.getInputStream());
            assertThat(readChunk(client.getInputStream())).isEqualTo("part");
            writer.cut();

            assertThat(restOf(client.getInputStream())).doesNotContain("0\r\n");
        }
    }

    @Test
    void shouldNotTakeALostWriterForAnAnswerBeforeItsFirstChunk() {
        var answer = calls.get();
        HeldCalls.Held call = calls.next();
        ChannelPeer writer = calls.writer(call);
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
            writer = calls.writer(calls.next());
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
            HeldCalls.Held call = calls.next();
            call.answer(null);
            try (ChannelPeer writer = calls.writer(call)) {
                writer.text(headers("{\"content-length\":\"" + all.length + "\"}"));
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < all.length; i += 65_536) {
                        writer.binary(Arrays.copyOfRange(all, i, Math.min(all.length, i + 65_536)));
                    }
                    writer.finish();
                });
                Awaitility.await().during(Duration.ofMillis(4_500)).until(() -> !sending.isDone());
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
                try (ChannelPeer writer = calls.writer(calls.next())) {
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
        HeldCalls.Held call = calls.next();
        try (ChannelPeer writer = calls.writer(call)) {
            writer.text(status(206)).binary("body").finish();
            assertThat(answer.join().statusCode()).isEqualTo(206);
            assertThat(answer.join().body()).isEmpty();
        }
    }

    /** The connection goes on with the next response. */
    @ParameterizedTest
    @CsvSource({"GET,204,3,", "GET,304,3,", "HEAD,204,3,", "HEAD,200,3,3", "HEAD,200,three,", "GET,204,three,"})
    void shouldSayALengthOnlyWhereItIsOneAndABodyIsAllowed(String method, int status, String given, String said)
            throws IOException {
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            for (int i = 0; i < 2; i++) {
                client.getOutputStream().write((method + " /get HTTP/1.1\r\nhost: h\r\n\r\n").getBytes());
                try (ChannelPeer writer = calls.writer(calls.next())) {
                    writer.text(status(status)).text(headers("{\"content-length\":\"" + given + "\"}")).binary("abc").finish();
                    String head = readHead(client.getInputStream()).toLowerCase();
                    assertThat(head).startsWith("http/1.1 " + status + " ").doesNotContain("transfer-encoding");
                    assertThat(head.lines().filter(line -> line.startsWith("content-length:")).toList())
                            .isEqualTo(said == null ? List.of() : List.of("content-length: " + said));
                }
            }
        }
    }
}
