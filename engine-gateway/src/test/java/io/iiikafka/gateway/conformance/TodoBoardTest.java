package io.iiikafka.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.Iii;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.WorkerOptions;
import io.iiikafka.sdk.state.State;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The todo board as a user starts it, in two windows of a browser. */
class TodoBoardTest {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EngineUnderTest engine;
    private static Chromium chromium;
    private static ExampleProcess board;
    private static String url;

    @BeforeAll
    static void start() throws IOException {
        Toolchain.NODE.require();
        Chromium.require();
        engine = EngineUnderTest.start();
        url = "http://127.0.0.1:" + engine.httpPort();
        startBoard();
        chromium = Chromium.start();
    }

    private static void startBoard() throws IOException {
        Map<String, String> environment = Map.of(
                "III_URL", "ws://127.0.0.1:" + engine.workerPort(),
                "STREAM_PORT", String.valueOf(engine.streamPort()));
        board = ExampleProcess.start("todo-board", "todo-board", environment, "npm", "start");
        Awaitility.await("the board is served").atMost(PATIENCE).ignoreExceptions().until(
                () -> request("GET", "/board", "").statusCode() == 200);
    }

    @AfterAll
    static void stop() {
        if (engine != null) {
            chromium.close();
            ExampleProcess.endAll(List.of(board));
            engine.close();
        }
    }

    private static HttpResponse<String> request(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static void shows(ChromiumPage page, String state, String... items) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(page.text("#state")).isEqualTo(state);
            assertThat(page.text("li span")).isEqualTo(String.join("\n", items));
        });
    }

    @Test
    void shouldShowInEachWindowWhatIsDoneInTheOtherAndAnywhereElse() throws Exception {
        ChromiumPage ada = chromium.open(url + "/board");
        ChromiumPage bob = chromium.open(url + "/board");
        shows(ada, "live");
        shows(bob, "live");

        add(ada, "buy milk");
        shows(bob, "live", "buy milk");
        add(bob, "<b>bake</b> größe");
        shows(ada, "live", "buy milk", "<b>bake</b> größe");

        bob.evaluate("document.querySelector('li input').click()");
        Awaitility.await().untilAsserted(() -> assertThat(ada.text("li.done span")).isEqualTo("buy milk"));
        ada.evaluate("document.querySelector('li button').click()");
        shows(bob, "live", "<b>bake</b> größe");

        setElsewhere("x", "from elsewhere");
        shows(ada, "live", "<b>bake</b> größe", "from elsewhere");
        ChromiumPage late = chromium.open(url + "/board");
        shows(late, "live", "<b>bake</b> größe", "from elsewhere");

        assertThat(request("DELETE", "/todos/x", "").statusCode()).isEqualTo(204);
        assertThat(request("DELETE", "/todos/x", "").statusCode()).isEqualTo(404);
        assertThat(request("POST", "/todos/x/done", "{}").statusCode()).isEqualTo(404);
        assertThat(request("POST", "/todos", "{\"text\":\" \"}").statusCode()).isEqualTo(400);
        shows(late, "live", "<b>bake</b> größe");

        engine.restart();
        add(ada, "after the restart");
        shows(bob, "live", "<b>bake</b> größe", "after the restart");
        shows(late, "live", "<b>bake</b> größe", "after the restart");

        ExampleProcess.endAll(List.of(board));
        setElsewhere("y", "while the worker was away");
        startBoard();
        shows(bob, "live", "<b>bake</b> größe", "after the restart", "while the worker was away");
    }

    private static void setElsewhere(String key, String text) {
        WorkerOptions options = WorkerOptions.builder().name("elsewhere").keepAlive(false).build();
        try (Worker worker = Iii.connect(URI.create("ws://127.0.0.1:" + engine.workerPort()), options)) {
            new State(worker).scope("todos", Map.class).set(key, Map.of("id", key, "text", text, "done", false));
        }
    }

    /** As a user does; again while the engine or the worker is not there. */
    private static void add(ChromiumPage page, String text) {
        page.evaluate("document.querySelector('form input').value = '" + text + "'");
        Awaitility.await("added").atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(500)).until(() -> {
            page.evaluate("document.querySelector('form button').click()");
            return page.evaluate("new Promise(done => setTimeout("
                            + "() => done(document.querySelector('form input').value === ''), 300))")
                    .booleanValue();
        });
    }
}
