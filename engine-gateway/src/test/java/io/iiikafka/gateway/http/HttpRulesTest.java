package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.broker.FreePort;
import io.iiikafka.gateway.config.CorsConfig;
import io.iiikafka.gateway.config.HttpMiddlewareConfig;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Promise;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Middleware, conditions, CORS, limits (spec: http.md 12 to 15). */
class HttpRulesTest {

    private HttpFixture http;

    @BeforeEach
    void start() {
        http = new HttpFixture();
        http.echo("POST", "/guarded/:id", "handler",
                ",\"condition_function_id\":\"condition\",\"middleware_function_ids\":[\"m1\",\"m2\"]");
        http.functions.answer("condition", "true");
        http.functions.answer("m1", "{\"action\":\"continue\"}");
        http.functions.answer("m2", "{\"action\":\"continue\"}");
        http.functions.answer("global", "{\"action\":\"continue\"}");
    }

    @AfterEach
    void stop() {
        http.close();
    }

    private HttpResponse<String> post() {
        return http.post("/guarded/42?q=1", "application/json", "{\"a\":1}");
    }

    private static String allowed(HttpResponse<String> response) {
        return response.headers().firstValue("access-control-allow-origin").orElse(null);
    }

    private static HttpMiddlewareConfig global(String function, String phase, long priority) {
        return new HttpMiddlewareConfig(function, phase, priority, false);
    }

    private static CorsConfig cors(List<String> origins, String... methods) {
        return new CorsConfig(origins, List.of(methods), false, Optional.empty());
    }

    @Test
    void shouldCallGlobalMiddlewareThenConditionThenOwnMiddlewareThenHandler() {
        http.functions.answer("late", "{\"action\":\"continue\"}");
        http.functions.answer("never", "{\"action\":\"respond\"}");
        http.configure(settings -> settings.middleware = List.of(
                global("late", "preHandler", 5), global("never", "onError", -9), global("global", "preHandler", -1)));

        assertThat(post().statusCode()).isEqualTo(200);
        assertThat(http.functions.order()).containsExactly("global", "late", "condition", "m1", "m2", "handler");
    }

    @Test
    void shouldKeepTheOrderOfGlobalMiddlewareOfOnePriority() {
        List<HttpMiddlewareConfig> equals = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            http.functions.answer("g" + i, "{\"action\":\"continue\"}");
            equals.add(global("g" + i, "preHandler", i % 2));
        }
        http.configure(settings -> settings.middleware = equals);

        assertThat(post().statusCode()).isEqualTo(200);
        assertThat(http.functions.order().subList(0, 20)).containsExactly(
                "g0", "g2", "g4", "g6", "g8", "g10", "g12", "g14", "g16", "g18",
                "g1", "g3", "g5", "g7", "g9", "g11", "g13", "g15", "g17", "g19");
    }

    @Test
    void shouldTellMiddlewareOfTheRequestButNotOfBodyPathAndChannels() {
        post();

        JsonNode input = Functions.data(http.functions.calls("m1").getFirst());
        assertThat(input.get("phase").textValue()).isEqualTo("preHandler");
        assertThat(input.get("context").toString()).isEqualTo("{}");
        JsonNode request = input.get("request");
        assertThat(request.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("path_params", "query_params", "headers", "method");
        assertThat(request.at("/path_params/id").textValue()).isEqualTo("42");
        assertThat(request.at("/query_params/q").textValue()).isEqualTo("1");
        assertThat(request.get("method").textValue()).isEqualTo("POST");
    }

    @Test
    void shouldAnswerForTheHandlerWhenMiddlewareResponds() {
        http.functions.answer(
                "m2",
                "{\"action\":\"respond\",\"response\":{\"status_code\":429,\"body\":\"slow\","
                        + "\"headers\":{\"X-A\":\"1\","
                        + "\"content-type\":\"text/plain\"}}}");

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.body()).isEqualTo("\"slow\"");
        assertThat(response.headers().allValues("content-type")).containsExactly("text/plain");
        assertThat(response.headers().firstValue("x-a")).hasValue("1");
        assertThat(http.functions.order()).containsExactly("condition", "m1", "m2");
    }

    @Test
    void shouldRunNothingElseWhenGlobalMiddlewareResponds() {
        http.configure(settings -> settings.middleware = List.of(global("global", "preHandler", 0)));
        http.functions.answer("global", "{\"action\":\"respond\",\"response\":{\"status_code\":401,"
                + "\"headers\":{\"x-a\":\"1\",\"x-b\":2}}}");

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("null");
        assertThat(response.headers().map()).doesNotContainKeys("x-a", "x-b");
        assertThat(http.functions.order()).containsExactly("global");
        assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(http.get("/guarded/1").statusCode()).isEqualTo(405);
        assertThat(http.functions.order()).containsExactly("global");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "7", "{\"action\":\"stop\"}", "{\"action\":1}"})
    void shouldLetTheRequestPassWhenMiddlewareIsUnclear(String answer) {
        http.functions.answer("m1", answer);

        assertThat(post().statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "7", "{\"action\":\"stop\"}", "{\"action\":1}"})
    void shouldRejectTheRequestWhenMiddlewareIsUnclearAndThatIsInvalid(String answer) {
        http.configure(settings ->
                settings.middleware = List.of(new HttpMiddlewareConfig("global", "preHandler", 0, true)));
        assertThat(post().statusCode()).isEqualTo(200);
        http.functions.answer("global", answer);

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).at("/error/code").textValue()).isEqualTo("MIDDLEWARE_INVALID");
        assertThat(json(response).at("/error/error_id").textValue()).isNotBlank();
        assertThat(http.functions.calls("handler")).hasSize(1);
    }

    @Test
    void shouldAnswer504OfItsOwnWhenMiddlewareExceedsTheUsualTimeOnARouteThatHasMore() {
        http.configure(settings -> settings.timeout = Duration.ofMillis(200));
        http.functions.put("m1", call -> Promise.<Outcome>promise().future());
        http.echo("GET", "/patient", "patient", ",\"timeout_ms\":5000,\"middleware_function_ids\":[\"m1\"]");

        HttpResponse<String> response = http.get("/patient");

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body())
                .isEqualTo("{\"error\":{\"code\":\"MIDDLEWARE_TIMEOUT\",\"message\":\"Middleware timeout\"}}");
        assertThat(http.functions.calls("patient")).isEmpty();
    }

    @Test
    void shouldAnswer200WhenMiddlewareRespondsWithoutAResponse() {
        http.functions.answer("m1", "{\"action\":\"respond\"}");

        HttpResponse<String> response = post();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("null");
    }

    @Test
    void shouldAnswer500WhenMiddlewareFails() {
        http.functions.fail("m1", "denied", "no entry");

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).at("/error/code").textValue()).isEqualTo("denied");
        assertThat(json(response).at("/error/error_id").textValue()).isNotBlank();
        assertThat(http.functions.calls("handler")).isEmpty();
    }

    @Test
    void shouldPassContextOnWhenMiddlewareLeavesSome() {
        http.functions.answer("m1", "{\"action\":\"continue\",\"context\":{\"user\":\"u\",\"n\":1}}");
        http.functions.answer("m2", "{\"action\":\"continue\",\"context\":{\"n\":2}}");

        JsonNode payload = json(post());

        assertThat(Functions.data(http.functions.calls("m2").getFirst()).get("context").toString())
                .isEqualTo("{\"user\":\"u\",\"n\":1}");
        assertThat(payload.get("context").toString()).isEqualTo("{\"user\":\"u\",\"n\":2}");
    }

    @Test
    void shouldLookInDefaultForGlobalMiddlewareThatTheRoutesNamespaceLacks() {
        http.configure(settings -> settings.middleware = List.of(global("global", "preHandler", 0)));
        http.room.triggerType()
                .bind(http.binding("n", "handler", "{\"api_path\":\"/n\"}", "team", null));

        assertThat(json(http.get("/n")).at("/error/message").textValue())
                .isEqualTo("Function handler not found in namespace team");
        assertThat(http.functions.calls("global")).extracting(Call::namespace).containsExactly("team", "default");
    }

    @Test
    void shouldGiveTheConditionThePayloadWithoutChannels() {
        post();

        JsonNode input = Functions.data(http.functions.calls("condition").getFirst());
        assertThat(input.get("body").toString()).isEqualTo("{\"a\":1}");
        assertThat(input.get("path").textValue()).isEqualTo("/guarded/:id");
        assertThat(input.at("/trigger/type").textValue()).isEqualTo("http");
        assertThat(input.has("request_body") || input.has("response")).isFalse();
    }

    @Test
    void shouldAnswer422OnlyWhenTheConditionIsFalse() {
        for (String passes : List.of("0", "\"\"", "{}", "null", "\"false\"", "[]")) {
            http.functions.answer("condition", passes);
            assertThat(post().statusCode()).as(passes).isEqualTo(200);
        }
        int before = http.functions.calls("handler").size();
        http.functions.answer("condition", "false");

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.body())
                .isEqualTo("{\"error\":{\"code\":\"CONDITION_NOT_MET\",\"message\":\"Request condition not met\"},"
                        + "\"skipped\":true}");
        assertThat(http.functions.calls("handler")).hasSize(before);
    }

    @Test
    void shouldAnswer500WhenTheConditionFails() {
        http.functions.fail("condition", "broken", "c");

        assertThat(post().statusCode()).isEqualTo(500);
        assertThat(http.functions.calls("handler")).isEmpty();
    }

    @Test
    void shouldPassMetadataToTheHandlerAlone() {
        http.room.triggerType().bind(http.binding("meta", "handler",
                "{\"api_path\":\"/meta\",\"condition_function_id\":\"condition\",\"middleware_function_ids\":[\"m1\"]}",
                "default",
                RawJson.of("{\"x\":1}")));
        http.get("/meta");

        assertThat(http.functions.calls("condition").getFirst().metadata()).isNull();
        assertThat(http.functions.calls("m1").getFirst().metadata()).isNull();
        assertThat(http.functions.calls("handler").getFirst().metadata()).hasToString("{\"x\":1}");
    }

    @Test
    void shouldAnswerOptionsItselfWhenNothingIsConfigured() {
        HttpResponse<String> response = http.send("/nowhere", request -> request.header("origin", "http://a")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(allowed(response)).isEqualTo("*");
        assertThat(response.headers().firstValue("access-control-allow-methods")).hasValue("*");
        assertThat(response.headers().firstValue("access-control-allow-headers")).hasValue("*");
        assertThat(response.headers().firstValue("vary"))
                .hasValue("origin, access-control-request-method, access-control-request-headers");
    }

    @Test
    void shouldCallARegisteredOptionsHandlerUnlessItIsAPreflight() {
        http.functions.answer("options", "{\"status_code\":204}");
        http.route("OPTIONS", "/o", "options");

        assertThat(http.send("/o", request -> request.method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(204);
        assertThat(http.send("/o", request -> request.header("origin", "http://a")
                                .header("access-control-request-method", "GET")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(200);
        assertThat(http.functions.calls("options")).hasSize(1);
    }

    @Test
    void shouldNameTheOriginOnlyWhenItIsListed() {
        http.configure(settings -> settings.cors =
                Optional.of(cors(List.of("http://a:1", "http://b"), "GET", "POST")));

        HttpResponse<String> listed = http.send("/nowhere", request -> request.header("origin", "http://b"));
        assertThat(allowed(listed)).isEqualTo("http://b");
        assertThat(listed.headers().map()).doesNotContainKey("access-control-expose-headers");
        assertThat(allowed(http.send("/nowhere", request -> request.header("origin", "http://a")))).isNull();
        HttpResponse<String> preflight = http.send("/guarded/1", request -> request.header("origin", "http://a:1")
                .header("access-control-request-method", "DELETE")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(allowed(preflight)).isEqualTo("http://a:1");
        assertThat(preflight.headers().firstValue("access-control-allow-methods")).hasValue("GET,POST");
    }

    @Test
    void shouldAllowCredentialsToListedOriginsOnlyAndSayHowLongAPreflightHolds() {
        http.configure(settings -> settings.cors = Optional.of(
                new CorsConfig(List.of("http://a"), List.of(), true, Optional.of(Duration.ofMinutes(10)))));
        http.functions.answer("handler", "{\"headers\":{\"access-control-allow-credentials\":\"true\"}}");

        HttpResponse<String> preflight = http.send("/guarded/1", request -> request.header("origin", "http://a")
                .header("access-control-request-method", "POST")
                .header("access-control-request-headers", "x-a,x-b")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(preflight.headers().map())
                .containsEntry("access-control-allow-origin", List.of("http://a"))
                .containsEntry("access-control-allow-credentials", List.of("true"))
                .containsEntry("access-control-allow-methods", List.of("POST"))
                .containsEntry("access-control-allow-headers", List.of("x-a,x-b"))
                .containsEntry("access-control-max-age", List.of("600"));
        for (String origin : List.of("http://a", "http://evil")) {
            HttpResponse<String> response = http.send("/guarded/1", request ->
                    request.header("origin", origin).POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().allValues("access-control-allow-credentials"))
                    .isEqualTo(origin.equals("http://a") ? List.of("true") : List.of());
        }
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
            settings.headerTimeout = Duration.ofMillis(100);
            settings.idleTimeout = Duration.ofMillis(100);
        });
        Promise<Outcome> late = Promise.promise();
        http.functions.put("late", call -> late.future());
        http.route("GET", "/late", "late");
        http.vertx.setTimer(500, timer -> late.complete(new Outcome.Success(RawJson.of("1"))));

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
    void shouldRunRequestsOfForeignOriginsAndOverrideTheHandlersCorsHeaders() {
        http.configure(settings -> settings.cors = Optional.of(cors(List.of("http://b"), "GET")));
        http.functions.answer("own", "{\"headers\":{\"Access-Control-Allow-Origin\":\"evil\",\"vary\":\"x\"}}");
        http.route("POST", "/own", "own");

        HttpResponse<String> response = http.send("/own", request -> request.header("origin", "http://c")
                .POST(HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(allowed(response)).isNull();
        assertThat(response.headers().allValues("vary")).hasSize(2).contains("x");
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
                    .isBetween(Duration.ofMillis(200), Duration.ofSeconds(3));
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

        Awaitility.await().during(Duration.ofMillis(300)).until(() -> http.functions.calls("handler").size() <= 4);
        assertThat(http.functions.calls("handler")).isNotEmpty();
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
    void shouldAskTheNotFoundFunctionWhenOneIsConfigured() {
        http.functions.answer("fallback", "{\"status_code\":404,\"body\":\"custom\"}");
        http.configure(settings -> settings.notFound = Optional.of("fallback"));

        assertThat(http.get("/what/ever?x=1").body()).isEqualTo("\"custom\"");
        assertThat(Functions.data(http.functions.calls("fallback").getFirst()).get("raw_path").textValue())
                .isEqualTo("/what/ever");
    }

    @Test
    void shouldBelieveForwardedHeadersOnlyWhenTheProxyIsTrusted() {
        http.echo("GET", "/who", "who", "");
        assertThat(json(http.send("/who", request -> request.header("x-forwarded-for", "1.2.3.4")))
                        .get("client_ip")
                        .textValue())
                .isEqualTo("127.0.0.1");

        http.configure(settings -> settings.trustProxy = true);
        JsonNode payload = json(http.send("/who", request -> request.header("x-forwarded-for", "1.2.3.4, 5.6.7.8")
                .header("x-forwarded-proto", "https")));
        assertThat(payload.get("client_ip").textValue()).isEqualTo("1.2.3.4");
        assertThat(payload.get("url").textValue()).startsWith("https://");
    }

    @Test
    void shouldMoveToAnotherPortAndLetRunningRequestsFinish() {
        Promise<Outcome> release = Promise.promise();
        http.functions.put("slow", call -> release.future());
        http.route("GET", "/slow", "slow");
        CompletableFuture<HttpResponse<String>> running = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/slow")).build(), HttpResponse.BodyHandlers.ofString());
        Awaitility.await().until(() -> !http.functions.calls("slow").isEmpty());
        int before = http.room.port();

        http.configure(settings -> settings.port = FreePort.any());

        assertThat(http.room.port()).isNotEqualTo(before);
        assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
        release.complete(new Outcome.Success(RawJson.of("\"done\"")));
        assertThat(running.join().body()).isEqualTo("\"done\"");
        Awaitility.await().untilAsserted(() ->
                assertThat(isOpen(before)).isFalse());
    }

    @Test
    void shouldCloseIdleConnectionsOfThePortThatItLeaves() throws IOException {
        try (Socket idle = new Socket("127.0.0.1", http.room.port())) {
            idle.setSoTimeout(10_000);
            idle.getOutputStream().write("GET /nowhere HTTP/1.1\r\nhost: h\r\n\r\n".getBytes());
            assertThat((char) idle.getInputStream().read()).isEqualTo('H');

            http.configure(settings -> settings.port = FreePort.any());

            assertThat(new String(idle.getInputStream().readAllBytes())).endsWith("}}");
        }
    }

    @Test
    void shouldFinishARequestByTheRulesItBeganWith() {
        Promise<Outcome> release = Promise.promise();
        http.functions.put("handler", call -> release.future());
        CompletableFuture<HttpResponse<String>> running = http.client.sendAsync(
                HttpRequest.newBuilder(http.uri("/guarded/1"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        Awaitility.await().until(() -> !http.functions.calls("handler").isEmpty());

        http.configure(settings -> {
            settings.cors = Optional.of(cors(List.of("http://a")));
            settings.timeout = Duration.ofMillis(1);
            settings.middleware = List.of(global("global", "preHandler", 0));
        });
        http.functions.answer("global", "{\"action\":\"respond\",\"response\":{\"status_code\":401}}");

        assertThat(http.send("/guarded/1", request -> request.POST(HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isIn(401, 504);
        release.complete(new Outcome.Success(RawJson.of("1")));
        assertThat(running.join().statusCode()).isEqualTo(200);
        assertThat(allowed(running.join())).isEqualTo("*");
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void shouldStayWhereItIsWhenTheNewPortIsTaken() throws Exception {
        int before = http.room.port();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var moved = http.room.reconfigure(http.changed(settings -> {
                settings.port = taken.getLocalPort();
                settings.cors = Optional.of(cors(List.of("http://x")));
            }));
            Awaitility.await().until(moved::isComplete);
            assertThat(moved.cause())
                    .hasMessage("address 127.0.0.1:" + taken.getLocalPort() + " is already in use");
        }
        assertThat(http.room.port()).isEqualTo(before);
        assertThat(allowed(http.get("/nowhere"))).isEqualTo("*");
    }

    @Test
    void shouldBeginATraceWhenNoneComesInAndContinueTheOneThatDoes() {
        String traceparent = "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01";
        http.send("/guarded/1", request -> request.header("traceparent", traceparent)
                .header("baggage", "k=v")
                .POST(HttpRequest.BodyPublishers.noBody()));
        for (String function : List.of("condition", "m1", "handler")) {
            Call call = http.functions.calls(function).getFirst();
            assertThat(call.traceparent()).as(function).startsWith("00-" + "a".repeat(32));
            assertThat(call.baggage()).isEqualTo("k=v");
            assertThat(call.callerWorkerId()).isNull();
        }
        post();
        assertThat(http.functions.calls("handler").getLast().traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }
}
