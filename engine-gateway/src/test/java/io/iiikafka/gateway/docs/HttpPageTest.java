package io.iiikafka.gateway.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.testing.RawWorker;
import io.iiikafka.gateway.testing.TestEngine;
import io.iiikafka.sdk.protocol.RawJson;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every exchange that the page shows goes as it shows it. */
class HttpPageTest {

    private static final Pattern BLOCK = Pattern.compile("```exchange\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REQUEST = Pattern.compile("→ (\\w+) (\\S+) ?(.*)");
    private static final Pattern STEP = Pattern.compile("  ([\\w-]+) (gets|returns|fails) (.*)");
    private static final Pattern RESPONSE = Pattern.compile("← (\\d+) (\\S+) (.*)");

    @AutoClose
    private static TestEngine engine;

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    @AutoClose
    private final RawWorker worker =
            engine.worker("of-the-page").serve("handler").serve("auth").serve("is-open");

    private CompletableFuture<HttpResponse<String>> response;
    private JsonNode given;

    @BeforeAll
    static void start() {
        engine = TestEngine.start();
    }

    @Test
    void shouldGoAsThePageShows() throws IOException {
        List<MatchResult> blocks =
                BLOCK.matcher(Files.readString(Path.of("..", "docs", "http.md"))).results().toList();
        assertThat(blocks).hasSize(3);
        int number = 0;
        for (MatchResult block : blocks) {
            String id = "route-" + number++;
            for (String line : block.group(1).split("\n")) {
                play(id, line);
            }
        }
    }

    private void play(String id, String line) {
        Matcher request = REQUEST.matcher(line);
        Matcher step = STEP.matcher(line);
        Matcher reply = RESPONSE.matcher(line);
        if (line.startsWith("http ")) {
            worker.trigger(id, "http", "handler", line.substring("http ".length()), "");
            Awaitility.await().until(() -> worker.call("engine::registered-triggers::list", "{}").toString().contains(id));
        } else if (request.matches()) {
            response = send(request.group(1), request.group(2), request.group(3));
        } else if (step.matches()) {
            play(step.group(1), step.group(2), step.group(3), line);
        } else if (reply.matches()) {
            compare(reply, line);
        } else {
            throw new AssertionError("nobody knows what to do with: " + line);
        }
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + engine.gateway().http().port() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
        if (body.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("content-type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body));
        }
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private void play(String function, String does, String what, String line) {
        JsonNode call = given == null ? worker.called(function) : given;
        assertThat(call.get("function_id").textValue()).as(line).isEqualTo(function);
        given = null;
        switch (does) {
            case "gets" -> {
                assertThat(Shown.is(what, call.get("data"))).as(line + "\nbut came " + call).isTrue();
                given = call;
            }
            case "returns" -> worker.answer(call, what);
            case "fails" ->
                worker.send("{\"type\":\"invocationresult\",\"invocation_id\":" + call.get("invocation_id")
                        + ",\"function_id\":\"" + function + "\",\"error\":" + what + "}");
            default -> throw new AssertionError(line);
        }
    }

    private void compare(Matcher shown, String line) {
        HttpResponse<String> came = response.join();
        assertThat(came.statusCode()).as(line).isEqualTo(Integer.parseInt(shown.group(1)));
        assertThat(came.headers().firstValue("content-type")).as(line).hasValue(shown.group(2));
        if (shown.group(2).equals("application/json")) {
            assertThat(Shown.is(shown.group(3), RawJson.of(came.body()).toTree()))
                    .as(line + "\nbut came " + came.body())
                    .isTrue();
        } else {
            assertThat(came.body()).isEqualTo(shown.group(3));
        }
    }
}
