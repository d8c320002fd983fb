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

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole responses as handlers return them, and the errors in their place (spec: http.md 9, 16). */
class ReplyHttpTest {

    @AutoClose
    private static HttpFixture http;

    @BeforeAll
    static void start() {
        http = new HttpFixture();
        http.echo("GET", "test/items/:id", "items", "");
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

    @Test
    void shouldSendNamesOfHeadersInLowerCase() {
        http.functions.answer("upper", "{\"headers\":{\"X-Upper-Case\":\"1\",\"Content-Type\":\"text/plain\"},\"body\":\"\"}");
        http.route("GET", "/upper", "upper");

        assertThat(http.raw("GET /upper HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n"))
                .contains("\r\nx-upper-case: 1\r\n", "\r\ncontent-type: text/plain\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"x-a: 1\"", "null", "true", "[[\"x-a: 1\"],{\"x-a\":\"1\"},null]"})
    void shouldSendNoHeadersOfAnyOtherForm(String headers) {
        HttpResponse<String> response = returning("{\"headers\":" + headers + ",\"body\":1}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().map()).doesNotContainKey("x-a");
        assertThat(headers(response, "content-type")).containsExactly("application/json");
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
                "{\"headers\":{\"content-type\":\"text/plain\"},\"body\":[true]}|200|text/plain|[true]",
                "{\"headers\":{\"content-type\":\"text/plain\"},\"body\":false}|200|text/plain|false",
                "{\"headers\":{\"content-type\":\"Application/JSON; v=1\"},\"body\":{\"a\":1}}|200|Application/JSON; v=1|{\"a\":1}",
                "{\"headers\":{\"content-type\":\"application/json\"},\"body\":null}|200|application/json|``",
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

    @Test
    void shouldSendBytesThatAreReturnedInBase64() throws Exception {
        http.functions.answer("bytes", "{\"status_code\":201,\"headers\":{\"content-type\":\"image/png\"},\"body_base64\":\"AP8Q\"}");
        http.route("GET", "/bytes", "bytes");

        HttpResponse<byte[]> response = http.client.send(
                HttpRequest.newBuilder(http.uri("/bytes")).build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.headers().firstValue("content-type")).hasValue("image/png");
        assertThat(response.body()).containsExactly(0, 255, 16);
        assertThat(headers(returning("{\"body_base64\":\"\"}"), "content-type")).containsExactly("application/octet-stream");
        assertThat(returning("{\"body_base64\":\"AP8Q\",\"body\":1}").body()).isEqualTo("1");
        assertThat(returning("{\"body_base64\":\"AP8Q\",\"body\":null}").body()).hasSize(3);
        assertThat(returning("{\"status_code\":200,\"body_base64\":\"no base64\"}").statusCode()).isEqualTo(500);
        assertThat(returning("{\"body_base64\":\"no base64\"}").body()).isEqualTo("{\"body_base64\":\"no base64\"}");
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
        assertThat(headers(response, "content-type")).containsExactly("application/json");
        assertThat(json(response).at("/error/code").textValue()).isEqualTo("function_not_found");
        assertThat(json(response).at("/error/message").textValue())
                .isEqualTo("Function no::such not found in namespace default");
    }
}
