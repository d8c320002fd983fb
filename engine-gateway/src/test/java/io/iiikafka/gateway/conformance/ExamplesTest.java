package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples as a user starts them, on a fresh engine. */
class ExamplesTest {

    /** Long enough to install and compile on first use. */
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final List<ExampleProcess> RUNNING = new ArrayList<>();
    private static EngineUnderTest engine;
    private static Worker caller;

    @TempDir
    private Path folder;

    private Path workspace;

    @BeforeAll
    static void startEngine() throws IOException {
        engine = EngineUnderTest.start();
        URI address = URI.create("ws://127.0.0.1:" + engine.workerPort());
        caller = Iii.connect(address, WorkerOptions.builder().name("examples-test").keepAlive(false).build());
    }

    @AfterAll
    static void stopEngine() {
        caller.close();
        engine.close();
    }

    @BeforeEach
    void makeWorkspace() throws IOException {
        workspace = Files.createDirectory(folder.resolve("workspace"));
    }

    @AfterEach
    void stopExamples() {
        ExampleProcess.endAll(RUNNING);
        RUNNING.clear();
    }

    private void start(Toolchain toolchain, String name, String path, String... command) {
        toolchain.require();
        RUNNING.add(ExampleProcess.start(name, path, environment(), command));
    }

    private Map<String, String> environment() {
        return Map.of("III_URL", "ws://127.0.0.1:" + engine.workerPort(), "WORKSPACE", workspace.toString());
    }

    private void startFileTools(String sdk) {
        start(Toolchain.NODE, "file-tools-" + sdk, "file-tools-ts/sdk-" + sdk, "npm", "start");
        awaitFunction("tool::file_similar");
    }

    private void startAll() {
        start(Toolchain.RUST, "agent-tools", "agent-tools-rust", "cargo", "run", "--quiet");
        start(Toolchain.PYTHON, "embedding", "embedding-python", "./run");
        RUNNING.add(ExampleProcess.start("orders", "orders-java", environment(), "./run"));
        startFileTools("0.3");
        startFileTools("0.22");
        List.of("agent::call_tool", "embedding::similarity", "orders::get").forEach(ExamplesTest::awaitFunction);
        Awaitility.await("both SDK generations serve side by side").atMost(PATIENCE).until(
                () -> call("engine::workers::list", Map.of("search", "file-tools")).get("workers").size() == 2);
    }

    private static void awaitFunction(String id) {
        Awaitility.await(id).atMost(PATIENCE).ignoreExceptions().until(
                () -> call("engine::functions::info", Map.of("function_id", id)).has("function_id"));
    }

    private static JsonNode call(String function, Object payload) {
        return caller.trigger(function, payload, JsonNode.class, Duration.ofSeconds(20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.3", "0.22"})
    void shouldReadAndWriteInsideTheWorkspaceOnly(String sdk) throws IOException {
        startFileTools(sdk);
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        Files.createSymbolicLink(workspace.resolve("link"), outside);
        Files.createSymbolicLink(workspace.resolve("file-link"), outside.resolve("secret"));

        assertThat(write("notes/größe.txt", "größer").get("size").intValue()).isEqualTo(8);
        assertThat(workspace.resolve("notes/größe.txt")).hasContent("größer");
        JsonNode cut = call("tool::file_read", Map.of("path", "notes/größe.txt", "maxBytes", 3));
        assertThat(cut.get("content").textValue()).as("no half characters").isEqualTo("gr");
        assertThat(cut.get("size").intValue()).isEqualTo(8);
        assertThat(cut.get("truncated").booleanValue()).isTrue();

        String absolute = outside.resolve("secret").toString();
        for (String path : List.of("../outside/secret", absolute, "notes/../../outside/secret", "link/secret", "file-link")) {
            assertThatThrownBy(() -> read(path)).hasMessageContaining("leaves the workspace");
        }
        for (String path : List.of("../new", "link/new", "link/deep/new", "file-link")) {
            assertThatThrownBy(() -> write(path, "x")).isInstanceOf(InvocationException.class);
        }
        assertThatThrownBy(() -> call("tool::file_write", Map.of("path", "big", "content", "12345", "maxBytes", 4)))
                .hasMessageContaining("content has 5 bytes, more than maxBytes 4");
        assertThat(outside).isDirectoryNotContaining(file -> !file.endsWith("secret"));
        assertThat(outside.resolve("secret")).hasContent("secret");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private static JsonNode read(String path) {
        return call("tool::file_read", Map.of("path", path));
    }

    private static JsonNode write(String path, String content) {
        return call("tool::file_write", Map.of("path", path, "content", content));
    }

    @Test
    void shouldUseEachOthersFunctions() {
        startAll();

        write("a.txt", "two cups of green tea");
        write("b.txt", "two cups of black tea");
        JsonNode similar = call("tool::file_similar", Map.of("path", "a.txt", "other", "b.txt"));
        assertThat(similar.get("similarity").doubleValue()).isBetween(0.5, 0.99);
        JsonNode vector = call("embedding::generate", Map.of("path", "a.txt"));
        assertThat(vector).isEqualTo(call("embedding::generate", Map.of("text", "two cups of green tea")));
        assertThat(vector.get("embedding")).hasSizeGreaterThan(100);

        JsonNode order = call("orders::place", Map.of("item", "green tea", "quantity", 2));
        assertThat(call("orders::get", Map.of("id", order.get("id").textValue()))).isEqualTo(order);
        assertThat(codeOf("orders::place", Map.of("item", "green tea"))).isEqualTo("invalid_order");
        assertThat(codeOf("orders::get", Map.of("id", "17"))).isEqualTo("no_such_order");

        JsonNode tools = call("agent::list_tools", Map.of());
        assertThat(tools.findValuesAsText("name"))
                .contains("tool::file_read", "tool::file_write", "embedding::generate", "orders::place")
                .doesNotContain("agent::list_tools", "orders::http_place");
        assertThat(call("agent::call_tool", Map.of("name", "tool::file_read", "arguments", Map.of("path", "a.txt")))
                        .get("content")
                        .textValue())
                .isEqualTo("two cups of green tea");
    }

    @Test
    void shouldAnswerHttp() throws Exception {
        startAll();

        JsonNode order = http("POST", "/orders", "{\"item\":\"grüner Tee\",\"quantity\":3}", 201);
        assertThat(http("GET", "/orders/" + order.get("id").textValue(), "", 200)).isEqualTo(order);
        assertThat(order.get("item").textValue()).isEqualTo("grüner Tee");
        assertThat(http("GET", "/orders/17", "", 404).get("error").get("code").textValue()).isEqualTo("no_such_order");
        assertThat(http("POST", "/orders", "{\"item\":\"\"}", 400).get("error").get("code").textValue())
                .isEqualTo("invalid_order");
        assertThat(http("POST", "/embed", "{\"text\":\"tea\"}", 200))
                .isEqualTo(call("embedding::generate", Map.of("text", "tea")));
        assertThat(http("POST", "/embed", "{}", 400).get("error").textValue()).isEqualTo("give `text` or `path`");
        assertThat(http("GET", "/tools?search=file_", "", 200).get("tools").findValuesAsText("name"))
                .contains("tool::file_read", "tool::file_write", "tool::file_similar")
                .doesNotContain("embedding::similarity");
    }

    /** Waits for the route, too: it comes right after its function. */
    private static JsonNode http(String method, String path, String body, int status) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + engine.httpPort() + path))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = Awaitility.await(path)
                .until(
                        () -> HTTP.send(request, HttpResponse.BodyHandlers.ofString()),
                        answer -> answer.statusCode() == status);
        return JSON.readTree(response.body());
    }

    private static String codeOf(String function, Object payload) {
        try {
            return "no error but " + call(function, payload);
        } catch (InvocationException e) {
            return e.code();
        }
    }
}
