package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static io.iiikafka.gateway.http.RawResponse.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.config.HttpMiddlewareConfig;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Middleware and conditions (spec: http.md 12, 13). */
class MiddlewareHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    @BeforeEach
    void guard() {
        http.echo("POST", "/guarded/:id", "handler",
                ",\"condition_function_id\":\"condition\",\"middleware_function_ids\":[\"m1\",\"m2\"]");
        http.functions.answer("condition", "true");
        http.functions.answer("m1", "{\"action\":\"continue\"}");
        http.functions.answer("m2", "{\"action\":\"continue\"}");
        http.functions.answer("global", "{\"action\":\"continue\"}");
    }

    private HttpResponse<String> post() {
        return http.post("/guarded/42?q=1", "application/json", "{\"a\":1}");
    }

    static HttpMiddlewareConfig global(String function, String phase, long priority) {
        return new HttpMiddlewareConfig(function, phase, priority, false);
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
        assertThat(json(response).at("/error/message").textValue()).isEqualTo("no entry");
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

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(500);
        JsonNode error = json(response).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("broken");
        assertThat(error.get("message").textValue()).isEqualTo("c");
        assertThat(error.get("error_id").textValue()).matches("[0-9a-f]{12}");
        assertThat(http.functions.calls("handler")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1000|200", "99|200", "\"201\"|200", "201.5|200", "-1|200", "null|200", "600|600", "999|999"})
    void shouldTakeStatusesOfMiddlewareAsThoseOfHandlers(String status, int expected) {
        http.functions.answer("m1", "{\"action\":\"respond\",\"response\":{\"status_code\":" + status + ",\"body\":{\"a\":1}}}");

        HttpResponse<String> response = post();
        assertThat(response.statusCode()).isEqualTo(expected);
        assertThat(response.headers().allValues("content-type")).containsExactly("application/json");
        assertThat(response.body()).isEqualTo("{\"a\":1}");
    }

    @Test
    void shouldRunGlobalMiddlewareBeforeTheBodyIsRead() throws IOException {
        http.configure(settings -> settings.middleware = List.of(global("global", "preHandler", 0)));
        http.functions.answer("global", "{\"action\":\"respond\",\"response\":{\"status_code\":401}}");
        try (Socket client = new Socket("127.0.0.1", http.room.port())) {
            client.setSoTimeout(10_000);
            client.getOutputStream().write(("POST /guarded/1 HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
                            + "expect: 100-continue\r\ncontent-length: 5\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(readHead(client.getInputStream())).startsWith("HTTP/1.1 401 ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"condition", "m1", "m2"})
    void shouldAnswer500WhenMiddlewareOrConditionIsNotThere(String missing) {
        http.functions.remove(missing);

        HttpResponse<String> response = post();

        assertThat(response.statusCode()).isEqualTo(500);
        JsonNode error = json(response).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("function_not_found");
        assertThat(error.get("message").textValue())
                .isEqualTo("Function " + missing + " not found in namespace default");
        assertThat(error.get("error_id").textValue()).matches("[0-9a-f]{12}");
        assertThat(http.functions.calls("handler")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"condition", "m1", "m2"})
    void shouldAnswer504WhenMiddlewareOrConditionIsSilent(String silent) {
        http.configure(settings -> settings.timeout = Duration.ofMillis(200));
        Promise<Outcome> late = Promise.promise();
        http.functions.put(silent, call -> late.future());

        HttpResponse<String> response = post();
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(json(response).at("/error").has("error_id")).isFalse();
        late.complete(new Outcome.Success(RawJson.of("{\"action\":\"continue\"}")));
        assertThat(http.get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(http.functions.calls("handler")).isEmpty();
    }

    @Test
    void shouldLetTheRequestPassWhenTheConditionHasNoResult() {
        http.functions.put("condition", call -> Future.succeededFuture(Outcome.NO_VALUE));

        assertThat(post().statusCode()).isEqualTo(200);
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
