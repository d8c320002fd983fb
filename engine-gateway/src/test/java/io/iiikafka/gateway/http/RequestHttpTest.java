package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which handler a request reaches, and what it is given (spec: http.md 4, 6, 7). */
class RequestHttpTest {

    @AutoClose
    private static HttpFixture http;

    @BeforeAll
    static void start() {
        http = new HttpFixture();
        http.echo("GET", "test/items/:id", "items", "");
        http.echo("POST", "/json", "json", "");
    }

    private static List<String> headers(HttpResponse<String> response, String name) {
        return response.headers().allValues(name);
    }

    @Test
    void shouldGiveTheHandlerEverythingOfTheRequest() {
        JsonNode payload = json(http.send("/test/items/abc123?q=1", request -> request.header("X-A", "1")));

        assertThat(payload.at("/path_params/id").textValue()).isEqualTo("abc123");
        assertThat(payload.get("path").textValue()).isEqualTo("test/items/:id");
        assertThat(payload.get("method").textValue()).isEqualTo("GET");
        assertThat(payload.get("body").isNull()).isTrue();
        assertThat(payload.at("/headers/x-a").textValue()).isEqualTo("1");
        assertThat(payload.at("/headers/host").textValue()).isEqualTo("127.0.0.1:" + http.room.port());
        assertThat(payload.get("trigger").toString())
                .isEqualTo("{\"type\":\"http\",\"path\":\"test/items/:id\",\"method\":\"GET\"}");
        assertThat(payload.has("request_body")).isTrue();
        assertThat(payload.has("response")).isTrue();
        assertThat(payload.get("url").textValue()).isEqualTo(http.uri("/test/items/abc123?q=1").toString());
        assertThat(payload.get("raw_path").textValue()).isEqualTo("/test/items/abc123");
        assertThat(payload.get("raw_query").textValue()).isEqualTo("q=1");
        assertThat(payload.get("client_ip").textValue()).isEqualTo("127.0.0.1");
        assertThat(payload.has("context")).isFalse();
        assertThat(payload.has("rawBody")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"})
    void shouldGiveAllNineFieldsWhateverTheMethod(String method) {
        String function = "nine-" + method;
        http.echo(method, "/nine", function, "");
        http.send("/nine", request -> request.method(method, HttpRequest.BodyPublishers.noBody()));

        JsonNode payload = Functions.data(http.functions.calls(function).getLast());
        assertThat(payload.get("query_params").toString()).isEqualTo("{}");
        assertThat(payload.get("path_params").toString()).isEqualTo("{}");
        assertThat(payload.get("headers").isObject()).isTrue();
        assertThat(payload.get("path").textValue()).isEqualTo("/nine");
        assertThat(payload.get("method").textValue()).isEqualTo(method);
        assertThat(payload.get("body").isNull()).isTrue();
        assertThat(payload.at("/trigger/method").textValue()).isEqualTo(method);
        for (String ref : List.of("request_body", "response")) {
            assertThat(payload.get(ref).fieldNames())
                    .toIterable()
                    .containsExactlyInAnyOrder("channel_id", "access_key", "direction");
        }
    }

    @Test
    void shouldDecodeTheQueryButNotThePath() {
        JsonNode payload = json(http.get("/test/items/a%20b?q=1&q=2&x=a+b%21&e&&=v"));

        assertThat(payload.at("/path_params/id").textValue()).isEqualTo("a%20b");
        assertThat(payload.get("query_params").toString())
                .isEqualTo("{\"q\":\"2\",\"x\":\"a b!\",\"e\":\"\",\"\":\"v\"}");
        assertThat(payload.at("/query_params_multi/q").toString()).isEqualTo("[\"1\",\"2\"]");
    }

    @Test
    void shouldGiveTheLastOfRepeatedHeadersAndHideIllegalValues() {
        String answer = http.raw("GET /test/items/1 HTTP/1.1\r\nhost: h\r\nX-R: a\r\nx-r: b\r\nx-i: \u00e9\r\n"
                + "connection: close\r\n\r\n");
        JsonNode payload = json(answer.substring(answer.indexOf("\r\n\r\n") + 4));

        assertThat(payload.at("/headers/x-r").textValue()).isEqualTo("b");
        assertThat(payload.at("/headers_multi/x-r").toString()).isEqualTo("[\"a\",\"b\"]");
        assertThat(payload.at("/headers/x-i").textValue()).isEmpty();
    }

    @Test
    void shouldDecodeEveryQueryWhateverItsBytes() {
        String answer = http.raw("GET /test/items/1?a=%ff&b=%zz&c=%e2%82%ac&d=1=2&%41=x&e=%&f=%4 HTTP/1.1\r\nhost: h\r\n"
                + "connection: close\r\n\r\n");
        JsonNode query = json(answer.substring(answer.indexOf("\r\n\r\n") + 4)).get("query_params");

        assertThat(query.toString()).isEqualTo("{\"a\":\"\ufffd\",\"b\":\"%zz\",\"c\":\"\u20ac\",\"d\":\"1=2\",\"A\":\"x\","
                + "\"e\":\"%\",\"f\":\"%4\"}");
    }

    @Test
    void shouldGiveSecretHeadersToTheHandlerToo() {
        JsonNode headers = json(http.send("/test/items/1", request -> request.header("Authorization", "Bearer t")
                        .header("Cookie", "a=1; b=2")))
                .get("headers");

        assertThat(headers.get("authorization").textValue()).isEqualTo("Bearer t");
        assertThat(headers.get("cookie").textValue()).isEqualTo("a=1; b=2");
    }

    @ParameterizedTest
    @CsvSource({"TRACE,/test/items/1,405", "FOO,/test/items/1,405", "get,/test/items/1,405", "TRACE,/nowhere,404", "FOO,/nowhere,404"})
    void shouldTakeOtherMethodsForOnesThatNobodyServes(String method, String path, int status) {
        assertThat(http.raw(method + " " + path + " HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void shouldServeRequestAfterRequestOnOneConnection() {
        String get = "GET /test/items/1 HTTP/1.1\r\nhost: h\r\n\r\n";
        String last = "GET /nowhere HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";

        assertThat(http.raw(get + get + last).split("HTTP/1.1 ", -1))
                .hasSize(4)
                .satisfies(answers -> assertThat(answers[2]).startsWith("200 "))
                .satisfies(answers -> assertThat(answers[3]).startsWith("404 "));
    }

    /** The whole of an application may come from one worker. */
    @Test
    void shouldServeThousandsOfRoutes() {
        for (int i = 0; i < 3_000; i++) {
            http.route("GET", "/many/" + i + "/of/:id", "many-" + i);
        }
        http.functions.answer("many-2345", "{\"body\":\"found\"}");

        assertThat(http.get("/many/2345/of/them").body()).isEqualTo("\"found\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/test/items/1/", "/", "/health", "//test/items/1", "/test/items/"})
    void shouldAnswer404WhenNoRouteMatches(String path) {
        HttpResponse<String> response = http.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"Not Found\"}}");
        assertThat(headers(response, "content-type")).containsExactly("application/json");
        assertThat(headers(response, "access-control-allow-origin")).containsExactly("*");
    }

    @Test
    void shouldAnswer405WithTheMethodsWhenOnlyThePathMatches() {
        HttpResponse<String> response = http.post("/test/items/1", null, "");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(headers(response, "allow")).containsExactly("GET,HEAD");
        assertThat(json(response).at("/error/code").textValue()).isEqualTo("METHOD_NOT_ALLOWED");
    }

    @Test
    void shouldServeHeadFromGetWithoutABody() {
        HttpResponse<String> get = http.get("/test/items/1");
        HttpResponse<String> head = http.send("/test/items/1", HttpRequest.Builder::HEAD);

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(headers(get, "content-length")).hasSize(1);
        assertThat(Integer.parseInt(headers(head, "content-length").getFirst())).isPositive();
        http.functions.answer("same", "{\"body\":\"always the same\"}");
        http.route("GET", "/same", "same");
        assertThat(headers(http.send("/same", HttpRequest.Builder::HEAD), "content-length"))
                .isEqualTo(headers(http.get("/same"), "content-length"))
                .containsExactly("17");
        assertThat(http.functions.calls("items").getLast().data().toString()).contains("\"method\":\"HEAD\"");
    }

    @Test
    void shouldPreferAHandlerOfItsOwnForHead() {
        http.functions.answer("head", "{\"status_code\":202,\"headers\":{\"x-from\":\"head\"},\"body\":\"dropped\"}");
        http.functions.answer("headless", "1");
        http.route("HEAD", "/own-head", "head");
        http.route("GET", "/own-head", "headless");

        HttpResponse<String> head = http.send("/own-head", HttpRequest.Builder::HEAD);

        assertThat(head.statusCode()).isEqualTo(202);
        assertThat(headers(head, "x-from")).containsExactly("head");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void shouldParseJsonBodiesOnly() {
        Map<String, String> bodies = Map.of(
                "application/json", "{\"z\":2, \"a\":12345678901234567890}",
                "application/json; charset=utf-8", "[1]",
                "Application/JSON", "\"x\"",
                "application/vnd.api+json", "{}",
                "text/json, application/json", "1");
        bodies.forEach((type, body) ->
                assertThat(json(http.post("/json", type, body)).get("body")).as(type).isEqualTo(json(body)));
        assertThat(http.post("/json", "application/json", "{\"z\":2,\"a\":12345678901234567890}").body())
                .contains("\"body\":{\"z\":2,\"a\":12345678901234567890}");
    }

    @Test
    void shouldGiveNullForOtherBodies() {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "text/xml", "text/x+json")) {
            assertThat(json(http.post("/json", type, "123")).get("body").isNull()).as(type).isTrue();
        }
        assertThat(json(http.post("/json", null, "123")).get("body").isNull()).isTrue();
    }

    @Test
    void shouldParseJsonThatComesInChunks() {
        String answer = http.raw("POST /json HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n"
                + "transfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n");

        assertThat(json(answer.substring(answer.indexOf("\r\n\r\n") + 4)).get("body").toString()).isEqualTo("[1,2]");
    }

    @Test
    void shouldNeitherDecodeNorEncodeContent() {
        HttpResponse<String> response = http.send("/json", request -> request.header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .header("accept-encoding", "gzip, deflate, br")
                .POST(HttpRequest.BodyPublishers.ofString("{\"plain\":\"" + "x".repeat(5_000) + "\"}")));

        assertThat(response.headers().map()).doesNotContainKey("content-encoding");
        assertThat(json(response).at("/body/plain").textValue()).hasSize(5_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{bad", "{\"a\":1}}", "1 2", "\"\ud83d", "[1,]", "nul"})
    void shouldCallTheHandlerWithNullWhenJsonIsMalformed(String body) {
        HttpResponse<String> response = http.post("/json", "application/json", body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("body").isNull()).isTrue();
    }

    @Test
    void shouldPassMetadataBesideThePayload() {
        http.functions.answer("meta", "{}");
        http.room.triggerType().bind(
                http.binding("meta", "meta", "{\"api_path\":\"/meta\"}", "default", RawJson.of("{\"team\":\"a\"}")));
        http.get("/meta");

        assertThat(http.functions.calls("meta").getFirst().metadata()).hasToString("{\"team\":\"a\"}");
        assertThat(Functions.data(http.functions.calls("meta").getFirst()).has("metadata")).isFalse();
    }

    @Test
    void shouldStopServingARouteWhenItsTriggerEnds() {
        http.echo("GET", "/gone", "gone", "");
        assertThat(http.get("/gone").statusCode()).isEqualTo(200);

        http.room.triggerType().unbind(http.binding("gone", "gone", "{\"api_path\":\"/gone\"}"));
        assertThat(http.get("/gone").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldAnswerMalformedAndOversizedHeadsOnTheHttpLevel() {
        assertThat(http.raw("NONSENSE\r\n\r\n")).contains(" 400 ");
        assertThat(http.raw("GET /" + "a".repeat(70_000) + " HTTP/1.1\r\nhost: h\r\n\r\n")).contains(" 414 ");
        assertThat(http.raw("GET / HTTP/1.1\r\nx: " + "a".repeat(450_000) + "\r\n\r\n")).contains(" 431 ");
    }

    @Test
    void shouldCountRequests() {
        http.get("/test/items/1");

        assertThat(http.meters
                        .get("iii.http.requests")
                        .tag("http.request.method", "GET")
                        .tag("http.route", "test/items/:id")
                        .tag("http.response.status_code", "200")
                        .counter()
                        .count())
                .isPositive();
    }
}
