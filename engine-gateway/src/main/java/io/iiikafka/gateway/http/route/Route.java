package io.iiikafka.gateway.http.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * An {@code http} trigger made ready to serve (spec: http.md 3).
 *
 * @param binding the trigger
 * @param method upper case
 * @param condition the function that may veto a request, or null
 * @param middleware functions that see the request before the handler, in order
 * @param timeoutMs to the head of the response; empty: the listener's default
 */
public record Route(
        Binding binding,
        String method,
        Template template,
        @Nullable String condition,
        List<String> middleware,
        OptionalLong timeoutMs) {

    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS");

    /** Reads {@code {"api_path":"/users/:id","http_method":"GET",…}}; members that it does not know do not matter. */
    public static Route of(Binding binding) throws InvalidRouteException {
        JsonNode config = binding.config().toTree();
        JsonNode path = config.path("api_path");
        if (!path.isTextual()) {
            throw new InvalidRouteException("api_path is required for http triggers");
        }
        return new Route(
                binding,
                method(config),
                Template.parse(path.textValue()),
                condition(config),
                texts(config.path("middleware_function_ids")),
                timeout(config.path("timeout_ms")));
    }

    /** Stands in where no route matches: the function that is configured for that case. */
    public static Route fallback(String functionId, String method, String path) {
        Binding binding =
                new Binding("", "", null, "http", functionId, Call.DEFAULT_NAMESPACE, RawJson.EMPTY_OBJECT, null, 0);
        Template template = new Template(path, List.of(), List.of());
        return new Route(binding, method, template, null, List.of(), OptionalLong.empty());
    }

    /** Whether its template is what a client asked for, of which there are any number. */
    public boolean isFallback() {
        return binding.key().isEmpty();
    }

    /** Also under its name of old (spec: protocol.md 13.1). */
    private static @Nullable String condition(JsonNode config) {
        String condition = config.path("condition_function_id").textValue();
        return condition == null ? config.path("_condition_path").textValue() : condition;
    }

    private static String method(JsonNode config) throws InvalidRouteException {
        String named = config.path("http_method").asText("GET");
        String method = config.path("http_method").isTextual() ? named.toUpperCase(Locale.ROOT) : "GET";
        if (!METHODS.contains(method)) {
            throw new InvalidRouteException("http_method '" + named
                    + "' is not supported; use one of GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS");
        }
        return method;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        if (array.isArray()) {
            array.forEach(each -> {
                if (each.isTextual()) {
                    texts.add(each.textValue());
                }
            });
        }
        return List.copyOf(texts);
    }

    private static OptionalLong timeout(JsonNode value) {
        return value.isIntegralNumber() && value.longValue() > 0
                ? OptionalLong.of(value.longValue())
                : OptionalLong.empty();
    }

    public String functionId() {
        return binding.functionId();
    }

    public String namespace() {
        return binding.namespace();
    }

    /** Whether it does not matter which of the two serves: replicas of one worker register the same. */
    boolean sameService(Route other) {
        return functionId().equals(other.functionId())
                && namespace().equals(other.namespace())
                && binding.config().equals(other.binding.config());
    }

    /** As people read it: {@code GET users/:id}. */
    @Override
    public String toString() {
        return method + " " + template.text();
    }
}
