package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class HttpConfigTest {

    private static final HttpConfig DEFAULTS = new HttpConfig(
            "127.0.0.1",
            3111,
            Duration.ofSeconds(30),
            Optional.empty(),
            1024,
            List.of(),
            OptionalLong.empty(),
            false,
            "x-request-id",
            false,
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            OptionalLong.empty(),
            false);

    private static final HttpConfig FULL = new HttpConfig(
            "::1",
            80,
            Duration.ofMillis(5),
            Optional.of(new CorsConfig(
                    List.of("https://a"), List.of("GET", "POST"), true, Optional.of(Duration.ofHours(1)))),
            6,
            List.of(
                    new HttpMiddlewareConfig("first", "preHandler", -1, true),
                    new HttpMiddlewareConfig("second", "onError", 7, false)),
            OptionalLong.of(1024),
            true,
            "x-id",
            true,
            Optional.of("pages::missing"),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            OptionalLong.of(65_536),
            true);

    @Test
    void shouldHaveDefaults() {
        assertThat(Load.defaults().http()).contains(DEFAULTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: iii-http", "name: http", "class: modules::api::RestApiModule"})
    void shouldMapEachSettingUnderEachName(String name) {
        assertThat(Load.yaml("""
                        modules:
                          - %s
                            config:
                              host: "::1"
                              port: 80
                              default_timeout: 5
                              cors:
                                allowed_origins: ["https://a"]
                                allowed_methods: [GET, POST]
                                allow_credentials: true
                                max_age: 1h
                              concurrency_request_limit: 6
                              middleware:
                                - {function_id: second, priority: 7, phase: onError, on_invalid: continue}
                                - {function_id: first, priority: -1, on_invalid: reject}
                              body_limit: 1KiB
                              trust_proxy: true
                              request_id_header: x-id
                              ignore_trailing_slash: true
                              not_found_function: pages::missing
                              header_timeout: 3s
                              idle_timeout: 4000
                              raw_body: 64KiB
                              hide_errors: true
                        """.formatted(name)).config().http())
                .contains(FULL);
    }

    @Test
    void shouldMapEachVariable() {
        assertThat(Load.environment(
                                "III_HTTP_HOST", "::1",
                                "III_HTTP_PORT", "80",
                                "III_HTTP_DEFAULT_TIMEOUT", "5ms",
                                "III_HTTP_CORS", "{allowed_origins: ['https://a'], allowed_methods: [GET, POST],"
                                        + " allow_credentials: true, max_age: 3600000}",
                                "III_HTTP_CONCURRENCY_REQUEST_LIMIT", "6",
                                "III_HTTP_MIDDLEWARE",
                                        "[{function_id: first, priority: -1, on_invalid: reject},"
                                                + " {function_id: second, priority: 7, phase: onError}]",
                                "III_HTTP_BODY_LIMIT", "1024",
                                "III_HTTP_TRUST_PROXY", "true",
                                "III_HTTP_REQUEST_ID_HEADER", "x-id",
                                "III_HTTP_IGNORE_TRAILING_SLASH", "true",
                                "III_HTTP_NOT_FOUND_FUNCTION", "pages::missing",
                                "III_HTTP_HEADER_TIMEOUT", "3s",
                                "III_HTTP_IDLE_TIMEOUT", "4s",
                                "III_HTTP_RAW_BODY", "65536",
                                "III_HTTP_HIDE_ERRORS", "true")
                        .http())
                .contains(FULL);
    }

    @Test
    void shouldBindEveryAddressWhenEntryNamesNone() {
        assertThat(Load.yaml("workers: [{name: http}]").config().http().orElseThrow().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void shouldBeOffWhenWorkersAreListedWithoutIt() {
        assertThat(Load.yaml("workers: []").config().http()).isEmpty();
        assertThat(Load.yaml("workers: []", "III_HTTP_PORT", "1").config().http()).isPresent();
        assertThat(Load.yaml("limits: {}").config().http()).isPresent();
    }

    @Test
    void shouldRaiseLimitOfZeroWithWarning() {
        LoadedConfig loaded = Load.yaml("workers: [{name: http, config: {concurrency_request_limit: 0}}]");

        assertThat(loaded.config().http().orElseThrow().concurrencyRequestLimit()).isEqualTo(1);
        assertThat(loaded.warnings()).singleElement().asString().contains("is raised from 0 to 1");
    }

    @Test
    void shouldRefuseUnknownKeysAtEveryDepth() {
        assertThat(Load.problems("""
                        workers:
                          - name: http
                            config:
                              bodylimit: 1
                              cors: {allowed_origin: []}
                              middleware:
                                - {function_id: f, priorty: 1}
                        """))
                .containsExactlyInAnyOrder(
                        "config.yaml:4: http: unknown key 'bodylimit'; did you mean 'body_limit'?",
                        "config.yaml:5: http.cors has an unknown key 'allowed_origin'; did you mean 'allowed_origins'?",
                        "config.yaml:6: http.middleware has an unknown key 'priorty'; did you mean 'priority'?");
    }

    @Test
    void shouldRefuseCredentialsForEveryOriginAndUnknownWordsForOnInvalid() {
        assertThat(Load.problems("""
                        workers:
                          - name: http
                            config:
                              cors: {allow_credentials: true}
                              middleware: [{function_id: f, on_invalid: deny}]
                        """))
                .containsExactlyInAnyOrder(
                        "config.yaml:4: http.cors has allow_credentials, which needs allowed_origins without '*':"
                                + " any site could act for its visitors",
                        "config.yaml:5: http.middleware has an on_invalid that is neither continue nor reject");
    }

    @Test
    void shouldWarnOfOriginsThatNoBrowserSends() {
        assertThat(Load.yaml("workers: [{name: http, config: {cors: {allowed_origins: [localhost, 'http://a']}}}]")
                        .warnings())
                .singleElement()
                .asString()
                .contains("'localhost', which never matches");
    }

    @Test
    void shouldRefuseBothNames() {
        assertThat(Load.problems("workers: [{name: iii-http}, {name: http}]"))
                .containsExactly("config.yaml:1: Duplicate worker configurations: iii-http and http are the same;"
                        + " remove one");
    }
}
