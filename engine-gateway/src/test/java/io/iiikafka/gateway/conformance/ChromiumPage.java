package io.iiikafka.gateway.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** A page in {@link Chromium}. */
final class ChromiumPage implements Scripts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private @Nullable WebSocket socket;

    private ChromiumPage() {}

    static ChromiumPage connect(HttpClient http, URI devTools) {
        ChromiumPage page = new ChromiumPage();
        page.socket = http.newWebSocketBuilder().buildAsync(devTools, page.new Listener()).join();
        return page;
    }

    void navigate(String url) {
        JsonNode answer = ask("Page.navigate", Map.of("url", url));
        if (answer.path("result").has("errorText")) {
            throw new IllegalStateException(url + ": " + answer.path("result").path("errorText").asText());
        }
    }

    @Override
    public JsonNode evaluate(String expression) {
        JsonNode result = ask(
                        "Runtime.evaluate",
                        Map.of("expression", expression, "awaitPromise", true, "returnByValue", true))
                .path("result");
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** The texts of all elements, by line; what a user sees of them. */
    String text(String selector) {
        return evaluate("[...document.querySelectorAll('" + selector + "')].map(e => e.innerText).join('\\n')")
                .asText();
    }

    private JsonNode ask(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            String request = JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
            socket.sendText(request, true).join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Answers come whole, whatever the frames. */
    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            message.append(part);
            if (last) {
                answer(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void answer(String text) {
            try {
                JsonNode answer = JSON.readTree(text);
                CompletableFuture<JsonNode> asked = waiting.remove(answer.path("id").asInt());
                if (asked != null) {
                    asked.complete(answer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
