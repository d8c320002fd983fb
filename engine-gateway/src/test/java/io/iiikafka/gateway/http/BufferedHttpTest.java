package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and whole responses over real sockets (spec: http.md 4 to 9, 16). */
class BufferedHttpTest {

    private static HttpFixture http;

    @BeforeAll
    static void start() {
        http = new HttpFixture();
        http.echo("GET", "test/items/:id", "items", "");
        http.echo("POST", "/json", "json", "");
    }

    @AfterAll
    static void stop() {
        http.close();
    }

    private static HttpResponse<String> returning(String json) {
        http.functions.answer("returning", json);
        http.route("GET", "/returning", "returning");
        return http.get("/returning");
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
    void shouldDateEveryResponseOnceAndNameNoServer() {
        http.functions.answer("dated", "{\"headers\":{\"date\":\"Thu, 01 Jan 1970 00:00:00 GMT\"}}");
        http.route("GET", "/dated", "dated");

        for (String path : List.of("/test/items/1", "/nowhere", "/dated")) {
            HttpResponse<String> response = http.get(path);
            assertThat(response.headers().map()).as(path).doesNotContainKey("server");
            assertThat(headers(response, "date")).as(path).singleElement().satisfies(date -> {
                Instant said = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
                assertThat(said).isCloseTo(
                        path.equals("/dated") ? Instant.EPOCH : Instant.now(), within(5, ChronoUnit.SECONDS));
            });
        }
    }

    @Test
    void shouldSendAWholeEventStreamAsItsHandlerReturnedIt() {
        http.functions.answer("events", "{\"headers\":{\"content-type\":\"text/event-stream\","
                + "\"cache-control\":\"no-cache\",\"connection\":\"keep-alive\"},"
                + "\"body\":\"data: 1\\n\\ndata: 2\\n\\n\"}");
        http.route("GET", "/events", "events");

        HttpResponse<String> response = http.get("/events");

        assertThat(headers(response, "content-type")).containsExactly("text/event-stream");
        assertThat(response.body()).isEqualTo("data: 1\n\ndata: 2\n\n");
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

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{bad", "{\"a\":1}}", "1 2", "\"\ud83d", "[1,]", "nul"})
    void shouldCallTheHandlerWithNullWhenJsonIsMalformed(String body) {
        HttpResponse<String> response = http.post("/json", "application/json", body);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("body").isNull()).isTrue();
    }

    @Test
    void shouldSendEveryHeaderOfTheArrayForm() {
        HttpResponse<String> response =
                returning("{\"status_code\":201,\"headers\":[\"Set-Cookie: a=1\",\"Set-Cookie:b=2\",\"none\","
                        + "\": x\",7],"
                        + "\"body\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(headers(response, "set-cookie")).containsExactly("a=1", "b=2");
        assertThat(headers(response, "content-type")).containsExactly("application/json");
        assertThat(response.body()).isEqualTo("\"x\"");
    }

    @Test
    void shouldSendTheHeadersOfTheObjectFormAndLeaveOutIllegalOnes() {
        HttpResponse<String> response = returning("{\"headers\":{\"X-Text\":\"t\",\"x-number\":7,\"x-flag\":true,"
                + "\"x-list\":[\"a\",\"b\",1],\"x-object\":{},\"bad name\":\"x\",\"x-bad\":\"a\\nb\"}}");

        assertThat(headers(response, "x-text")).containsExactly("t");
        assertThat(headers(response, "x-number")).containsExactly("7");
        assertThat(headers(response, "x-flag")).containsExactly("true");
        assertThat(headers(response, "x-list")).containsExactly("a", "b");
        assertThat(response.headers().map()).doesNotContainKeys("x-object", "bad name", "x-bad");
        assertThat(response.body()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"body\":{\"a\": [1, \"b c\"]}}|200|application/json|{\"a\":[1,\"b c\"]}",
                "{\"body\":\"x\"}|200|application/json|\"x\"",
                "{\"body\":null}|200|application/json|null",
                "{\"status_code\":202}|202|application/json|{}",
                "{\"headers\":{\"Content-Type\":\"text/xml\"},\"body\":\"<a/>\"}|200|text/xml|<a/>",
                "{\"headers\":{\"content-type\":\"application/json\"},\"body\":\"x\"}|200|application/json|x",
                "{\"headers\":{\"content-type\":\"text/plain\"},\"body\":null}|200|text/plain|``",
                "{\"headers\":{\"content-type\":\"text/plain\"},\"body\":{\"a\": 1}}|200|text/plain|{\"a\":1}",
                "{\"headers\":{\"content-type\":\"text/plain\"},\"body\":7}|200|text/plain|7",
                "{\"headers\":[\"content-type: text/plain\"],\"body\":\"\\u00e9\\n\\\"\"}|200|text/plain|`\u00e9\n\"`",
                "{\"headers\":{\"content-type\":\"x/y\"},\"body\":{\"type\":\"Buffer\",\"data\":[104,105]}}|200|x/y|hi",
                "{\"body\":{\"type\":\"Buffer\",\"data\":[1]}}|200|application/json|{\"type\":\"Buffer\",\"data\":[1]}",
                "{\"statusCode\":418,\"body\":1}|418|application/json|1",
                "{\"status_code\":201,\"statusCode\":418,\"body\":1}|201|application/json|1",
                "{\"status_code\":\"201\",\"body\":1}|200|application/json|1",
                "{\"status_code\":201.0,\"body\":1}|200|application/json|1",
                "{\"status_code\":-1,\"body\":1}|200|application/json|1",
                "{\"status_code\":1000,\"body\":1}|200|application/json|1",
                "{\"status_code\":99999999999,\"body\":1}|200|application/json|1",
                "{\"status_code\":999,\"body\":1}|999|application/json|1",
                "{\"ok\": true}|200|application/json|{\"ok\":true}",
                "[1, 2]|200|application/json|[1,2]",
                "\"text\"|200|application/json|\"text\"",
                "false|200|application/json|false"
            })
    void shouldEncodeWhatTheHandlerReturns(String result, int status, String contentType, String body) {
        HttpResponse<String> response = returning(result);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(headers(response, "content-type")).containsExactly(contentType);
        assertThat(response.body()).isEqualTo(body);
        assertThat(headers(response, "date")).hasSize(1);
        assertThat(response.headers().map()).doesNotContainKey("server");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void shouldSendNoBodyAndNoLengthWhenTheStatusForbidsIt(int status) {
        HttpResponse<String> response = returning("{\"status_code\":" + status + ",\"body\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().map()).doesNotContainKeys("content-length", "transfer-encoding");
        assertThat(http.get("/test/items/1").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldAnswer500WhenAnInterimStatusIsReturned() {
        HttpResponse<String> response = returning("{\"status_code\":101,\"body\":\"x\"}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void shouldKeepTheFramingWhenTheHandlerStatesAWrongLength() {
        HttpResponse<String> response = returning("{\"headers\":{\"content-length\":\"2\","
                + "\"transfer-encoding\":\"chunked\","
                + "\"connection\":\"keep-alive\"},\"body\":\"four\"}");

        assertThat(response.body()).isEqualTo("\"four\"");
        assertThat(headers(response, "content-length")).containsExactly("6");
    }

    @Test
    void shouldAnswer500WithTheFunctionsOwnErrorButNoStackTrace() {
        http.functions.fail("throwing", "invocation_failed", "boom");
        http.route("GET", "/throwing", "throwing");

        HttpResponse<String> response = http.get("/throwing");

        assertThat(response.statusCode()).isEqualTo(500);
        JsonNode error = json(response).get("error");
        assertThat(error.get("code").textValue()).isEqualTo("invocation_failed");
        assertThat(error.get("message").textValue()).isEqualTo("boom");
        assertThat(error.get("error_id").textValue()).matches("[0-9a-f]{12}");
        assertThat(response.body()).doesNotContain("secret");
    }

    @Test
    void shouldAnswer500WhenTheFunctionDoesNotExist() {
        http.route("GET", "/missing", "no::such");

        HttpResponse<String> response = http.get("/missing");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response).at("/error/code").textValue()).isEqualTo("function_not_found");
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
