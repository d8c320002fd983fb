package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What an operator may switch on (spec: http.md 2, 6, 16). */
class OptionsHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    @Test
    void shouldAskTheNotFoundFunctionWhenOneIsConfigured() {
        http.functions.answer("fallback", "{\"status_code\":404,\"body\":\"custom\"}");
        http.configure(settings -> settings.notFound = Optional.of("fallback"));

        assertThat(http.get("/what/ever?x=1").body()).isEqualTo("\"custom\"");
        assertThat(Functions.data(http.functions.calls("fallback").getFirst()).get("raw_path").textValue())
                .isEqualTo("/what/ever");
        assertThat(http.meters.find("iii.http.requests").counters())
                .as("one counter, however many paths are asked for")
                .allMatch(counter -> !counter.getId().toString().contains("what"));
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
    void shouldGiveShortTextAndJsonAsTheyCameWhenThatIsSwitchedOn() {
        http.echo("POST", "/signed", "signed", "");
        assertThat(json(http.post("/signed", "application/json", "{\"z\": 1}")).has("rawBody")).isFalse();

        http.configure(settings -> settings.rawBody = OptionalLong.of(20));

        JsonNode payload = json(http.post("/signed", "application/json", "{\"z\": 1, \"a\":2}"));
        assertThat(payload.get("rawBody").textValue()).isEqualTo("{\"z\": 1, \"a\":2}");
        assertThat(payload.at("/body/z").intValue()).isEqualTo(1);
        assertThat(json(http.post("/signed", "text/plain", "h\u00e9")).get("rawBody").textValue()).isEqualTo("h\u00e9");
        assertThat(json(http.post("/signed", "application/json", "{bad")).get("rawBody").textValue()).isEqualTo("{bad");
        for (String type : List.of("application/json", "text/plain")) {
            JsonNode large = json(http.post("/signed", type, "[" + "1,".repeat(20) + "1]"));
            assertThat(large.has("rawBody")).as(type).isFalse();
            assertThat(large.get("body").isArray()).as(type).isEqualTo(type.equals("application/json"));
        }
        assertThat(json(http.post("/signed", "image/png", "x")).has("rawBody")).isFalse();
    }

    @Test
    void shouldKeepMessagesOfErrorsFromClientsWhenThatIsSwitchedOn() {
        http.configure(settings -> settings.hideErrors = true);
        http.functions.fail("leaky", "invocation_failed", "password of db-7 is wrong");
        http.route("GET", "/leaky", "leaky");
        http.functions.answer("fine", "{}");
        http.route("GET", "/guarded", "fine", ",\"middleware_function_ids\":[\"leaky\"]");
        http.functions.answer("own", "{\"status_code\":500,\"body\":\"told\"}");
        http.route("GET", "/own", "own");

        for (String path : List.of("/leaky", "/guarded")) {
            JsonNode error = json(http.get(path)).get("error");
            assertThat(error.get("code").textValue()).isEqualTo("invocation_failed");
            assertThat(error.get("message").textValue()).isEqualTo("internal server error");
            assertThat(error.get("error_id").textValue()).matches("[0-9a-f]{12}");
        }
        assertThat(http.get("/own").body()).as("what a handler returns is its own").isEqualTo("\"told\"");
    }

    @Test
    void shouldGiveTheNameOfTheRequestBack() {
        HttpResponse<String> named = http.send("/nowhere", request -> request.header("X-Request-Id", "r-1"));
        assertThat(named.headers().firstValue("x-request-id")).hasValue("r-1");
        assertThat(http.get("/nowhere").headers().map()).doesNotContainKey("x-request-id");
    }

    @Test
    void shouldTakeASlashAtTheEndForNothingWhenThatIsSwitchedOn() {
        http.echo("GET", "/a/:id", "a", "");
        assertThat(http.get("/a/1/").statusCode()).isEqualTo(404);

        http.configure(settings -> settings.fold = true);

        assertThat(json(http.get("/a/1/")).at("/path_params/id").textValue()).isEqualTo("1");
    }
}
