package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.CorsHttpTest.allowed;
import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much and how long a request may take (spec: http.md 15). */
class LimitsHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    @BeforeEach
    void serve() {
        http.echo("POST", "/guarded/:id", "handler", "");
    }

    @Test
    void shouldCloseConnectionsThatDoNotDeliverAHeadInTime() {
        http.configure(settings -> {
            settings.headerTimeout = Duration.ofMillis(300);
            settings.idleTimeout = Duration.ofMillis(400);
        });
        long start = System.nanoTime();
        assertThat(http.raw("")).isEmpty();
        assertThat(http.raw("GET / HTTP/1.1\r\nhost: h\r\n")).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(600));

        start = System.nanoTime();
        assertThat(http.raw("GET /nowhere HTTP/1.1\r\nhost: h\r\n\r\nGET")).contains(" 404 ").endsWith("}}");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
    }

    @Test
    void shouldNotTakeWaitingForTheHandlerForIdleness() {
        http.configure(settings -> {
            settings.headerTimeout = Duration.ofSeconds(1);
            settings.idleTimeout = Duration.ofSeconds(1);
        });
        Promise<Outcome> late = Promise.promise();
        http.functions.put("late", call -> late.future());
        http.route("GET", "/late", "late");
        http.vertx.setTimer(2_500, timer -> late.complete(new Outcome.Success(RawJson.of("1"))));

        assertThat(http.get("/late").body()).isEqualTo("1");
    }

    @Test
    void shouldAnswer431WhenThereAreMoreThanAHundredHeaders() {
        String hundred = IntStream.range(0, 99).mapToObj(i -> "x-" + i + ": 1\r\n").collect(Collectors.joining());
        String close = "GET /nowhere HTTP/1.1\r\nconnection: close\r\n";

        assertThat(http.raw(close + hundred + "\r\n")).startsWith("HTTP/1.1 404 ");
        assertThat(http.raw("GET /nowhere HTTP/1.1\r\nhost: h\r\n" + hundred + "a: b\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void shouldAnswer504WithinTheTimeWhenTheHandlerIsSilent() {
        http.configure(settings -> settings.timeout = Duration.ofMillis(200));
        http.functions.put("silent", call -> Promise.<Outcome>promise().future());
        http.route("GET", "/silent", "silent");
        http.route("GET", "/null", "null");
        http.functions.answer("null", "null");

        for (String path : List.of("/silent", "/null")) {
            long start = System.nanoTime();
            HttpResponse<String> response = http.get(path);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(200), Duration.ofMillis(4_900));
            assertThat(response.statusCode()).as(path).isEqualTo(504);
            assertThat(json(response).at("/error/code").textValue()).isEqualTo("GATEWAY_TIMEOUT");
            assertThat(allowed(response)).isEqualTo("*");
        }
    }

    @Test
    void shouldTakeTheTriggersOwnTimeoutWhenItHasOne() {
        http.functions.put("silent", call -> Promise.<Outcome>promise().future());
        http.route("GET", "/silent", "silent", ",\"timeout_ms\":100");

        assertThat(http.get("/silent").statusCode()).isEqualTo(504);
        long patience = http.functions.calls("silent").getFirst().deadlineMs() - System.currentTimeMillis();
        assertThat(patience).isLessThanOrEqualTo(100);
    }

    @Test
    void shouldAnswer413WhenTheBodyExceedsItsLimit() {
        http.configure(settings -> settings.bodyLimit = OptionalLong.of(10));

        HttpResponse<String> declared = http.post("/guarded/1", "application/json", "\"" + "x".repeat(20) + "\"");
        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(declared.body())
                .isEqualTo("{\"error\":{\"code\":\"PAYLOAD_TOO_LARGE\",\"message\":\"Request body too large\"}}");
        assertThat(http.send("/guarded/1", request -> request.header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofString("\"" + "x".repeat(20) + "\""))))
                .statusCode()).isEqualTo(413);
        assertThat(http.functions.calls("handler")).isEmpty();
        assertThat(http.post("/guarded/1", "application/json", "\"12345678\"").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldReadLargeBodiesOneAfterAnotherWhenTheyTakeTooMuchMemoryTogether() {
        Promise<Outcome> release = Promise.promise();
        http.functions.put("handler", call -> release.future());
        String body = "\"" + "x".repeat(1_500_000) + "\"";
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 10)
                .mapToObj(i -> http.client.sendAsync(
                        HttpRequest.newBuilder(http.uri("/guarded/1"))
                                .header("content-type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList();

        Awaitility.await().until(() -> !http.functions.calls("handler").isEmpty());
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> http.functions.calls("handler").size() <= 4);
        http.echo("POST", "/small", "small", "");
        assertThat(http.post("/small", "application/json", "1").statusCode()).isEqualTo(200);
        release.complete(new Outcome.Success(RawJson.of("1")));
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    @Test
    void shouldMakeRequestsWaitWhenTheLimitIsReached() {
        http.configure(settings -> settings.slots = 2);
        Promise<Outcome> release = Promise.promise();
        http.functions.put("slow", call -> release.future());
        http.route("GET", "/slow", "slow");
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 3)
                .mapToObj(i -> http.client.sendAsync(
                        HttpRequest.newBuilder(http.uri("/slow")).build(), HttpResponse.BodyHandlers.ofString()))
                .toList();

        Awaitility.await().until(() -> answers.stream().anyMatch(CompletableFuture::isDone));
        assertThat(answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                .singleElement()
                .satisfies(response -> {
                    assertThat(response.statusCode()).isEqualTo(503);
                    assertThat(json(response).at("/error/code").textValue()).isEqualTo("OVERLOADED");
                });
        assertThat(http.functions.calls("slow")).hasSize(2);

        CompletableFuture<HttpResponse<String>> waiting = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
        release.complete(new Outcome.Success(RawJson.of("1")));
        assertThat(waiting.join().statusCode()).isEqualTo(200);
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isIn(200, 503));
    }

    @Test
    void shouldNotCountWaitingForASlotAsWorking() {
        try (HttpFixture patient = HttpFixture.waitingForSlots(Duration.ofSeconds(20))) {
            patient.configure(settings -> {
                settings.slots = 1;
                settings.timeout = Duration.ofSeconds(4);
            });
            patient.functions.put("slow", call -> {
                Promise<Outcome> late = Promise.promise();
                patient.vertx.setTimer(2_100, timer -> late.complete(new Outcome.Success(RawJson.of("1"))));
                return late.future();
            });
            patient.route("GET", "/slow", "slow");

            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 2)
                    .mapToObj(i -> patient.client.sendAsync(
                            HttpRequest.newBuilder(patient.uri("/slow")).build(), HttpResponse.BodyHandlers.ofString()))
                    .toList();
            // The second has waited for 2.1 s when it begins, and takes 2.1 s more.
            assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        }
    }

    @Test
    void shouldAnswer504ToAllThatMustWaitWhenThereIsNoTime() {
        http.configure(settings -> settings.timeout = Duration.ZERO);
        http.functions.put("silent", call -> Promise.<Outcome>promise().future());
        http.route("GET", "/silent", "silent");

        assertThat(http.get("/silent").statusCode()).isEqualTo(504);
    }
}
