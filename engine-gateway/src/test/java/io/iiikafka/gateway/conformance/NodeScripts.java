package io.iiikafka.gateway.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** A Node process that evaluates what it is told to, one line at a time. */
final class NodeScripts implements Scripts, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader answers;
    private final Writer lines;

    private NodeScripts(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.lines = process.outputWriter(StandardCharsets.UTF_8);
    }

    static NodeScripts start(Path folder, String script) throws IOException {
        return new NodeScripts(new ProcessBuilder("node", script)
                .directory(folder.toFile())
                .redirectError(Installation.installed("logs").resolve("stream-client-node.log").toFile())
                .start());
    }

    @Override
    public JsonNode evaluate(String expression) {
        try {
            lines.write(expression + "\n");
            lines.flush();
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                if (line.startsWith("{")) { // the client prints lines of its own
                    JsonNode answer = JSON.readTree(line);
                    if (answer.has("error")) {
                        throw new IllegalStateException(expression + ": " + answer.path("error").asText());
                    }
                    return answer.path("value");
                }
            }
            throw new IllegalStateException("the process ended");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
