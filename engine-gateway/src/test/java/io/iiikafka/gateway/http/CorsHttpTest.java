package io.iiikafka.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.iiikafka.gateway.config.CorsConfig;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What browsers of other origins are told (spec: http.md 14). */
class CorsHttpTest {

    @AutoClose
    private final HttpFixture http = new HttpFixture();

    @BeforeEach
    void serve() {
        http.echo("POST", "/guarded/:id", "handler", "");
    }

    static String allowed(HttpResponse<String> response) {
        return response.headers().firstValue("access-control-allow-origin").orElse(null);
    }

    static CorsConfig cors(List<String> origins, String... methods) {
        return new CorsConfig(origins, List.of(methods), false, Optional.empty());
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

    @ParameterizedTest
    @CsvSource({"GET,/fine,200", "GET,/nowhere,404", "GET,/guarded/1,405", "GET,/unmet,422", "GET,/missing,500"})
    void shouldTellOfTheOriginOnEveryResponse(String method, String path, int status) {
        http.functions.answer("fine", "{}");
        http.route("GET", "/fine", "fine");
        http.functions.answer("never", "false");
        http.route("GET", "/unmet", "unmet", ",\"condition_function_id\":\"never\"");
        http.route("GET", "/missing", "missing");

        HttpResponse<String> response = http.send(path, request -> request.method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().map())
                .containsEntry("access-control-allow-origin", List.of("*"))
                .containsEntry("access-control-expose-headers", List.of("*"))
                .containsEntry("vary", List.of("origin, access-control-request-method, access-control-request-headers"))
                .doesNotContainKeys("access-control-allow-credentials", "access-control-max-age");
    }

    @ParameterizedTest
    @CsvSource({"/nowhere,", "/nowhere,http://a", "/guarded/1,", "/guarded/1,http://a"})
    void shouldAnswerOptionsOfAnyPathWithOrWithoutAnOrigin(String path, String origin) {
        HttpResponse<String> response = http.send(path, request -> (origin == null ? request : request.header("origin", origin))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().map())
                .containsEntry("access-control-allow-origin", List.of("*"))
                .containsEntry("access-control-allow-methods", List.of("*"))
                .containsEntry("access-control-allow-headers", List.of("*"));
    }

    @Test
    void shouldAllowAnyOriginWhenTheListIsEmptyOrHasTheAsterisk() {
        for (List<String> origins : List.of(List.<String>of(), List.of("http://b", "*"))) {
            http.configure(settings -> settings.cors = Optional.of(cors(origins)));

            HttpResponse<String> response = http.send("/nowhere", request -> request.header("origin", "http://a"));
            assertThat(allowed(response)).as("%s", origins).isEqualTo("*");
            assertThat(response.headers().map()).doesNotContainKey("access-control-expose-headers").containsKey("vary");
            assertThat(http.send("/nowhere", request -> request.method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                            .headers()
                            .firstValue("access-control-allow-methods"))
                    .hasValue("*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a:80", "https://a", "http://A", "http://a/", "http://a.b", "null"})
    void shouldCompareOriginsByteForByte(String foreign) {
        http.configure(settings -> settings.cors = Optional.of(cors(List.of("http://a"))));

        assertThat(allowed(http.send("/nowhere", request -> request.header("origin", foreign)))).isNull();
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
}
