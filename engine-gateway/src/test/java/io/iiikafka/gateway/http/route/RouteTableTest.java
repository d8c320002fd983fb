package io.iiikafka.gateway.http.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import io.iiikafka.gateway.trigger.Binding;
import io.iiikafka.sdk.protocol.RawJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which route serves which request (spec: http.md 3, 4). */
class RouteTableTest {

    /** A web front binds these; none of them is the engine's own (http.md 20). */
    private static final List<String> CONSOLE = List.of(
            "GET _console/status", "GET _console/health", "GET _console/functions",
            "GET _console/functions/:function_id", "GET _console/triggers", "GET _console/trigger-types",
            "GET _console/workers", "GET _console/adapters", "GET _console/alerts", "GET _console/sampling/rules",
            "GET _console/states/groups", "GET _console/streams/list", "GET _console/flows/config/:flow_id",
            "GET _console/queues", "GET _console/queues/:topic", "GET _console/dlq", "POST _console/otel/logs",
            "POST _console/otel/logs/clear", "POST _console/otel/traces", "POST _console/otel/traces/clear",
            "POST _console/otel/traces/tree", "POST _console/metrics/detailed", "POST _console/rollups",
            "POST _console/states/group", "POST _console/states/:group/item", "POST _console/flows/config/:flow_id",
            "POST _console/cron/trigger", "POST _console/invoke", "POST _console/queues/:topic/publish",
            "POST _console/dlq/:topic/messages", "POST _console/dlq/:topic/redrive",
            "POST _console/dlq/:topic/messages/:id/redrive", "DELETE _console/states/:group/item/:key",
            "DELETE _console/dlq/:topic/messages/:id/discard");

    private final RouteTable table = new RouteTable();
    private long offset;

    private Binding add(String key, String method, String path, String function) throws InvalidRouteException {
        Binding binding = binding(
                key, function, "{\"api_path\":\"" + path + "\",\"http_method\":\"" + method + "\",\"description\":1}");
        table.add(binding);
        return binding;
    }

    private Binding binding(String key, String function, String config) {
        return new Binding(key, key, "w", "http", function, "default", RawJson.of(config), null, offset++);
    }

    private void get(String path) throws InvalidRouteException {
        add(path, "GET", path, path);
    }

    private Match match(String method, String path) {
        return table.match(method, path, false);
    }

    private String serving(String method, String path) {
        return match(method, path) instanceof Match.Found found ? found.route().functionId() : "none";
    }

    private String serving(String path) {
        return serving("GET", path);
    }

    @ParameterizedTest
    @CsvSource({
        "users, /users, users",
        "/users, /users, /users",
        "users, /Users, none",
        "/, /, /",
        "'', /, ''",
        "a, /a/, none",
        "a/, /a/, a/",
        "a/, /a, none",
        "a, //a, none",
        "users/:id, /users/42, users/:id",
        "users/:id, /users/, none",
        "users/:id, /users/42/x, none",
        "users/{id}, /users/42, users/{id}",
        "a:b, /a:b, a:b",
        "a:b, /axb, none",
        "file-:id, /file-:id, file-:id",
        "a%20b, /a%20b, a%20b",
        "a%20b, /a b, none",
        "files/{*rest}, /files/a/b, files/{*rest}",
        "files/{*rest}, /files/, none",
        "files/{*rest}, /files, none"
    })
    void shouldMatchRawPathsWhenATemplateIsRegistered(String template, String path, String expected) throws Exception {
        get(template);

        assertThat(serving(path)).isEqualTo(expected);
    }

    @Test
    void shouldGiveParametersRawByTheirNames() throws Exception {
        get("/a/:x/:id.json/{*rest}");

        assertThat(((Match.Found) match("GET", "/a/b%20c/é/d/e/")).parameters())
                .isEqualTo(Map.of("x", "b%20c", "id.json", "é", "rest", "d/e/"));
    }

    @Test
    void shouldServeEveryRouteOfTheConsoleBesideTheOthers() throws Exception {
        for (String route : CONSOLE) {
            String[] parts = route.split(" ");
            add(route, parts[0], parts[1], route);
        }

        assertThat(CONSOLE).allSatisfy(route -> {
            String[] parts = route.split(" ");
            assertThat(serving(parts[0], "/" + parts[1].replaceAll(":\\w+", "a%3A%3Ab"))).isEqualTo(route);
        });
    }

    @Test
    void shouldPreferLiteralsToParametersToCatchAllsAndGoBackWhenTheyLeadNowhere() throws Exception {
        get("/users/me/settings");
        get("/users/:id/profile");
        get("/users/{*rest}");

        assertThat(serving("/users/me/settings")).isEqualTo("/users/me/settings");
        assertThat(serving("/users/me/profile")).isEqualTo("/users/:id/profile");
        assertThat(serving("/users/me/other")).isEqualTo("/users/{*rest}");
        assertThat(((Match.Found) match("GET", "/users/me/other")).parameters()).isEqualTo(Map.of("rest", "me/other"));
    }

    @Test
    void shouldFoldATrailingSlashOnlyWhenAsked() throws Exception {
        get("/a");
        get("/b/");

        assertThat(table.match("GET", "/a/", true)).isInstanceOf(Match.Found.class);
        assertThat(table.match("GET", "/b", true)).isInstanceOf(Match.Found.class);
        assertThat(table.match("GET", "/", true)).isEqualTo(Match.NOT_FOUND);
        assertThat(table.match("GET", "/a/", false)).isEqualTo(Match.NOT_FOUND);
    }

    @Test
    void shouldNameTheMethodsWhenThePathIsKnownUnderOthers() throws Exception {
        add("1", "post", "/a", "write");
        add("2", "GET", "/a", "read");

        assertThat(serving("POST", "/a")).isEqualTo("write");
        assertThat(serving("HEAD", "/a")).isEqualTo("read");
        assertThat(match("TRACE", "/a")).isEqualTo(new Match.WrongMethod(
                Set.of("GET", "HEAD", "POST")));
        assertThat(match("TRACE", "/b")).isEqualTo(Match.NOT_FOUND);
    }

    @Test
    void shouldServeTheLastRegistrationAndFallBackWhenItLeaves() throws Exception {
        Binding first = add("1", "GET", "/r", "f1");
        Binding second = add("2", "GET", "r", "f2");
        assertThat(serving("/r")).isEqualTo("f2");

        table.remove(second);
        assertThat(serving("/r")).isEqualTo("f1");

        table.add(second);
        table.remove(first);
        assertThat(serving("/r")).isEqualTo("f2");

        table.remove(second);
        assertThat(match("GET", "/r")).isEqualTo(Match.NOT_FOUND);
    }

    @Test
    void shouldReplaceTheRouteWhenATriggerIsRegisteredAgain() throws Exception {
        add("1", "GET", "/old", "f");
        add("1", "GET", "/new", "f");
        assertThat(serving("/old")).isEqualTo("none");
        assertThat(serving("/new")).isEqualTo("f");

        add("1", "GET", "/new", "g");
        assertThat(serving("/new")).isEqualTo("g");

        add("1", "POST", "/new", "g");
        assertThat(match("GET", "/new")).isInstanceOf(Match.WrongMethod.class);
    }

    @Test
    void shouldRefuseOtherParameterNamesOnlyForTheSameMethod() throws Exception {
        add("1", "GET", "a/:y", "first");

        assertThatThrownBy(() -> add("2", "get", "a/:x", "second"))
                .hasMessage("Route 'GET a/:x' conflicts with already-registered route 'GET a/:y': routes with identical"
                        + " structure but different path-parameter names are not supported");
        assertThat(serving("/a/1")).isEqualTo("first");

        add("3", "DELETE", "a/:z", "third");
        assertThat(((Match.Found) match("DELETE", "/a/1")).parameters()).isEqualTo(Map.of("z", "1"));

        add("1", "GET", "a/:renamed", "first");
        assertThat(((Match.Found) match("GET", "/a/1")).parameters()).isEqualTo(Map.of("renamed", "1"));
    }

    @Test
    void shouldKeepTheOldRouteWhenItsReplacementIsRefused() throws Exception {
        add("1", "GET", "a/:y", "first");
        add("2", "GET", "b", "second");

        assertThatThrownBy(() -> add("2", "GET", "a/:x", "second")).isInstanceOf(InvalidRouteException.class);
        assertThat(serving("/b")).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"api_path\":7}", "null", "{\"api_path\":null}", "{\"path\":\"/a\"}", "[]", "\"/a\""})
    void shouldRefuseAConfigurationWithoutAPath(String config) {
        assertThatThrownBy(() -> table.add(binding("1", "f", config)))
                .isInstanceOf(InvalidRouteException.class)
                .hasMessage("api_path is required for http triggers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/:", "*", "a/*x", "{}", "{*}", "{id}.json", "a-{id}", "{a}{b}", "{a}-{b}", "{*r}/x", "}"})
    void shouldRefuseATemplateThatCannotBeMatched(String template) {
        assertThatThrownBy(() -> get(template))
                .isInstanceOf(InvalidRouteException.class)
                .hasMessageContaining("api_path '" + template + "'");
        assertThat(serving("/a/x")).isEqualTo("none");
    }

    @Test
    void shouldRefuseAPathOfMoreSegmentsOrCharactersThanMakeSense() throws Exception {
        String deepest = "/x".repeat(Template.MOST_SEGMENTS);
        get(deepest);
        assertThat(serving(deepest)).isNotEqualTo("none");

        assertThatThrownBy(() -> get("/:y".repeat(100_000))).hasMessageContaining("characters").message().hasSizeLessThan(300);
        assertThatThrownBy(() -> get("/x".repeat(20_000))).hasMessageContaining("20000 segments").message().hasSizeLessThan(300);
    }

    @Test
    void shouldRefuseAMethodThatCanNeverMatch() {
        assertThatThrownBy(() -> add("1", "ANY", "/a", "f")).hasMessageContaining("http_method 'ANY'");
    }

    @Test
    void shouldIgnoreMembersOfTheWrongType() throws Exception {
        table.add(binding("1", "f", """
                {"api_path":"/a","http_method":7,"condition_function_id":1,"middleware_function_ids":"x"}"""));
        table.add(binding("2", "g", """
                {"api_path":"/b","condition_function_id":"c",
                 "middleware_function_ids":["m",1,"n"],"timeout_ms":50}"""));

        Route plain = ((Match.Found) match("GET", "/a")).route();
        assertThat(plain.condition()).isNull();
        assertThat(plain.middleware()).isEmpty();
        assertThat(plain.timeoutMs()).isEmpty();
        Route full = ((Match.Found) match("GET", "/b")).route();
        assertThat(full.condition()).isEqualTo("c");
        assertThat(full.middleware()).containsExactly("m", "n");
        assertThat(full.timeoutMs()).hasValue(50);
    }

    @Test
    void shouldTakeAConditionUnderItsNameOfOld() throws Exception {
        table.add(binding("1", "f", "{\"api_path\":\"/a\",\"_condition_path\":\"old\"}"));
        table.add(binding("2", "f", "{\"api_path\":\"/b\",\"_condition_path\":\"old\",\"condition_function_id\":\"new\"}"));

        assertThat(((Match.Found) match("GET", "/a")).route().condition()).isEqualTo("old");
        assertThat(((Match.Found) match("GET", "/b")).route().condition()).isEqualTo("new");
    }

    /** A thousand random changes against a list that is searched from end to end. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldAgreeWithAPlainListAfterAnyChanges(long seed) {
        Random random = new Random(seed);
        List<String> templates = List.of("a", "/a", "a/b", "a/:x", "a/:y", ":x", ":x/b", "a/{*r}", "{*r}", "a/", "/");
        List<String> methods = List.of("GET", "POST");
        Map<String, Binding> model = new HashMap<>();
        for (int step = 0; step < 1_000; step++) {
            String key = "k" + random.nextInt(12);
            if (random.nextInt(3) == 0) {
                Binding gone = model.remove(key);
                if (gone != null) {
                    table.remove(gone);
                }
            } else {
                Binding binding = binding(key, "f" + step, "{\"api_path\":\"" + templates.get(random.nextInt(11))
                        + "\",\"http_method\":\"" + methods.get(random.nextInt(2)) + "\"}");
                try {
                    table.add(binding);
                    model.put(key, binding);
                } catch (InvalidRouteException conflict) {
                    // refused: nothing has changed
                }
            }
            for (String path : List.of("/", "/a", "/a/", "/a/b", "/b/b", "/a/b/c", "/c")) {
                for (String method : methods) {
                    assertThat(serving(method, path))
                            .as("seed %d, step %d, %s %s", seed, step, method, path)
                            .isEqualTo(expected(model, method, path));
                }
            }
        }
    }

    private static String expected(Map<String, Binding> model, String method, String path) {
        List<Route> best = new ArrayList<>();
        String bestRank = null;
        for (Binding binding : model.values()) {
            Route route;
            try {
                route = Route.of(binding);
            } catch (InvalidRouteException e) {
                throw new AssertionError(e);
            }
            String rank = rank(route.template().segments(), Template.split(path));
            if (rank != null && (bestRank == null || rank.compareTo(bestRank) <= 0)) {
                if (!rank.equals(bestRank)) {
                    best.clear();
                    bestRank = rank;
                }
                best.add(route);
            }
        }
        return best.stream()
                .filter(route -> route.method().equals(method))
                .max(Comparator.comparingLong(route -> route.binding().offset()))
                .map(Route::functionId)
                .orElse("none");
    }

    /** How well a template fits, segment by segment, the smaller the better; null when it does not. */
    private static String rank(List<Segment> template, List<String> path) {
        StringBuilder rank = new StringBuilder();
        for (int i = 0; i < template.size(); i++) {
            if (template.get(i) instanceof Segment.Rest) {
                boolean any = i < path.size() && !String.join("/", path.subList(i, path.size())).isEmpty();
                return any ? rank.append('3').toString() : null;
            }
            if (i >= path.size()) {
                return null;
            }
            if (template.get(i) instanceof Segment.Literal literal) {
                if (!literal.text().equals(path.get(i))) {
                    return null;
                }
                rank.append('1');
            } else if (path.get(i).isEmpty()) {
                return null;
            } else {
                rank.append('2');
            }
        }
        return template.size() == path.size() ? rank.toString() : null;
    }
}
