package io.iiikafka.gateway.http;

import static io.iiikafka.gateway.http.HttpFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Requests that meet no route, or come by way of a proxy (spec: http.md 2). */
class FrontDoorHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

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
}
