package io.iiikafka.gateway.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The REST port: the {@code iii-http} (or {@code http}) entry (spec: http.md 2).
 *
 * @param host default {@code 127.0.0.1}; {@code 0.0.0.0} for an entry of {@code config.yaml} that names none
 * @param port default 3111; 0: any free one
 * @param defaultTimeout to the head of the response, and for each middleware; default 30 s; zero: whatever must wait
 *     fails
 * @param cors empty (the default): any origin, any method
 * @param concurrencyRequestLimit requests at work at once; at least 1; default 1024
 * @param middleware in the order in which it runs; default none
 * @param bodyLimitBytes largest request body; empty (the default): no limit of its own
 * @param trustProxy whether {@code x-forwarded-*} tell the client's address; default false
 * @param requestIdHeader the header that names a request; default {@code x-request-id}
 * @param ignoreTrailingSlash whether {@code /a/} is {@code /a}; default false
 * @param notFoundFunction asked when no route matches; empty (the default): 404
 * @param headerTimeout from the connection to the end of its first request's head; default 10 s
 * @param idleTimeout from a response to the end of the next request's head; default 2 min
 * @param rawBodyBytes up to this size JSON and text bodies are also given as the text {@code rawBody}; empty (the
 *     default): never
 * @param hideErrors whether clients are kept from the messages of what failed; default false
 */
public record HttpConfig(
        String host,
        int port,
        Duration defaultTimeout,
        Optional<CorsConfig> cors,
        int concurrencyRequestLimit,
        List<HttpMiddlewareConfig> middleware,
        OptionalLong bodyLimitBytes,
        boolean trustProxy,
        String requestIdHeader,
        boolean ignoreTrailingSlash,
        Optional<String> notFoundFunction,
        Duration headerTimeout,
        Duration idleTimeout,
        OptionalLong rawBodyBytes,
        boolean hideErrors) {

    static final Setting<String> HOST = Setting.of(
                    "http.host",
                    SettingTypes.TEXT,
                    "127.0.0.1",
                    "address of the REST port (0.0.0.0 for an entry of config.yaml that names none)")
            .flag("--http-host");
    static final Setting<Integer> PORT = Setting.of(
                    "http.port", SettingTypes.PORT, 3111, "the REST port; 0: any free one")
            .flag("--http-port");
    static final Setting<Duration> DEFAULT_TIMEOUT = Setting.of(
            "http.default_timeout",
            SettingTypes.DURATION,
            Duration.ofSeconds(30),
            "time to the head of the response, and of each middleware");
    static final Setting<Optional<CorsConfig>> CORS = Setting.of(
            "http.cors",
            new SettingType<>("allowed_origins and allowed_methods", true, HttpConfig::readCors, HttpConfig::show),
            Optional.<CorsConfig>empty(),
            "`{allowed_origins: […], allowed_methods: […], allow_credentials: false, max_age: 1h}`;"
                    + " none: any origin, any method");
    static final Setting<Integer> CONCURRENCY_REQUEST_LIMIT = Setting.of(
            "http.concurrency_request_limit",
            SettingTypes.integer(0, Integer.MAX_VALUE),
            1024,
            "requests at work at once, at least 1; the others wait");
    static final Setting<List<HttpMiddlewareConfig>> MIDDLEWARE = Setting.of(
            "http.middleware",
            new SettingType<>("a list of entries", true, HttpConfig::readMiddleware, HttpConfig::show),
            List.<HttpMiddlewareConfig>of(),
            "`[{function_id: …, phase: preHandler, priority: 0, on_invalid: continue}, …]`: functions that see every"
                    + " request first; `on_invalid: reject` answers 500 when one says neither continue nor respond");
    static final Setting<OptionalLong> BODY_LIMIT = Setting.of(
            "http.body_limit", SettingTypes.OPTIONAL_SIZE, OptionalLong.empty(), "largest request body");
    static final Setting<Boolean> TRUST_PROXY = Setting.of(
            "http.trust_proxy", SettingTypes.FLAG, false, "whether `x-forwarded-*` headers tell the client's address");
    static final Setting<String> REQUEST_ID_HEADER = Setting.of(
            "http.request_id_header", SettingTypes.TEXT, "x-request-id", "the header that names a request");
    static final Setting<Boolean> IGNORE_TRAILING_SLASH = Setting.of(
            "http.ignore_trailing_slash", SettingTypes.FLAG, false, "whether `/a/` is `/a`");
    static final Setting<Optional<String>> NOT_FOUND_FUNCTION = Setting.of(
            "http.not_found_function",
            SettingTypes.OPTIONAL_TEXT,
            Optional.<String>empty(),
            "function asked when no route matches");

    static final Setting<Duration> HEADER_TIMEOUT = Setting.of(
            "http.header_timeout",
            SettingTypes.DURATION,
            Duration.ofSeconds(10),
            "how long the first head may take on a new connection");
    static final Setting<Duration> IDLE_TIMEOUT = Setting.of(
            "http.idle_timeout",
            SettingTypes.DURATION,
            Duration.ofMinutes(2),
            "how long after a response the next request's head may take; then the connection is closed");

    static final Setting<OptionalLong> RAW_BODY = Setting.of(
            "http.raw_body",
            SettingTypes.OPTIONAL_SIZE,
            OptionalLong.empty(),
            "JSON and text bodies up to this size are given to handlers also as they came, as the text `rawBody`, for"
                    + " those that verify signatures");
    static final Setting<Boolean> HIDE_ERRORS = Setting.of(
            "http.hide_errors",
            SettingTypes.FLAG,
            false,
            "whether a response of 500 keeps the message of what failed to itself: the log has it, under the same"
                    + " `error_id`");

    static final List<Setting<?>> SETTINGS = List.of(
            HOST,
            PORT,
            DEFAULT_TIMEOUT,
            CORS,
            CONCURRENCY_REQUEST_LIMIT,
            MIDDLEWARE,
            BODY_LIMIT,
            TRUST_PROXY,
            REQUEST_ID_HEADER,
            IGNORE_TRAILING_SLASH,
            NOT_FOUND_FUNCTION,
            HEADER_TIMEOUT,
            IDLE_TIMEOUT,
            RAW_BODY,
            HIDE_ERRORS);

    static HttpConfig from(Values values) {
        int limit = values.get(CONCURRENCY_REQUEST_LIMIT);
        if (limit == 0) {
            values.warn(CONCURRENCY_REQUEST_LIMIT, "is raised from 0 to 1");
        }
        Optional<CorsConfig> cors = values.get(CORS);
        cors.stream()
                .flatMap(rules -> rules.originsThatNeverMatch().stream())
                .forEach(origin -> values.warn(CORS, "has the origin '" + origin
                        + "', which never matches: browsers send a scheme, as in https://" + origin));
        return new HttpConfig(
                values.get(HOST),
                values.get(PORT),
                values.get(DEFAULT_TIMEOUT),
                cors,
                Math.max(1, limit),
                values.get(MIDDLEWARE),
                values.get(BODY_LIMIT),
                values.get(TRUST_PROXY),
                values.get(REQUEST_ID_HEADER),
                values.get(IGNORE_TRAILING_SLASH),
                values.get(NOT_FOUND_FUNCTION),
                values.get(HEADER_TIMEOUT),
                values.get(IDLE_TIMEOUT),
                values.get(RAW_BODY),
                values.get(HIDE_ERRORS));
    }

    private static Optional<CorsConfig> readCors(ConfigNode node) {
        if (node.isNull()) {
            return Optional.empty();
        }
        if (node instanceof ConfigNode.Mapping mapping) {
            return Optional.of(CorsConfig.read(mapping));
        }
        throw new BadValue("must be {allowed_origins: […], allowed_methods: […]}");
    }

    private static List<HttpMiddlewareConfig> readMiddleware(ConfigNode node) {
        if (node.isNull()) {
            return List.of();
        }
        if (!(node instanceof ConfigNode.Sequence sequence)) {
            throw new BadValue("must be a list of entries with function_id, phase, priority");
        }
        List<HttpMiddlewareConfig> entries = new ArrayList<>();
        sequence.items().forEach(item -> entries.add(HttpMiddlewareConfig.read(item)));
        entries.sort(Comparator.comparingLong(HttpMiddlewareConfig::priority));
        return List.copyOf(entries);
    }

    private static String show(Optional<CorsConfig> cors) {
        return cors.map(rules -> "{allowed_origins: " + rules.allowedOrigins() + ", allowed_methods: "
                        + rules.allowedMethods() + (rules.allowCredentials() ? ", allow_credentials: true" : "")
                        + rules.maxAge().map(age -> ", max_age: " + DurationText.format(age)).orElse("") + "}")
                .orElse("none");
    }

    private static String show(List<HttpMiddlewareConfig> middleware) {
        return middleware.isEmpty()
                ? "none"
                : middleware.stream().map(HttpMiddlewareConfig::functionId).toList().toString();
    }
}
