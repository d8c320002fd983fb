package io.iiikafka.bench.process;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iiikafka.bench.load.Load;

/** A process that speaks {@link LoadServer}'s lines. What else it says goes to a log file. */
public final class Child implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final Path log;
    private final Process process;
    private final BufferedReader replies;
    private final BufferedWriter requests;

    private Child(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        this.replies = process.inputReader();
        this.requests = process.outputWriter();
    }

    /** Returns once the child has said that it is ready. */
    public static Child start(String name, Path logDirectory, List<String> command, Map<String, String> environment)
            throws IOException {
        Files.createDirectories(logDirectory);
        Path log = logDirectory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        Child child = new Child(name, log, builder.start());
        child.reply();
        return child;
    }

    public long pid() {
        return process.pid();
    }

    /** Asks the child to run one load of one of its scenarios, and waits for what it has measured. */
    public <T> T run(String scenario, Load load, Class<T> type) throws IOException {
        requests.write(scenario + " " + load.inFlight() + " " + load.duration().toMillis() + "\n");
        requests.flush();
        return JSON.treeToValue(reply(), type);
    }

    private JsonNode reply() throws IOException {
        for (String line = replies.readLine(); line != null; line = replies.readLine()) {
            if (line.startsWith(LoadServer.REPLY)) {
                return JSON.readTree(line.substring(LoadServer.REPLY.length()));
            }
        }
        throw new IOException(name + " ended without an answer" + status() + "; see " + log);
    }

    private String status() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS) ? ", with status " + process.exitValue() : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Ends its input; a child that does not go by itself is stopped. */
    @Override
    public void close() throws IOException {
        try {
            requests.close();
        } catch (IOException e) {
            // It has gone already.
        }
        Processes.stop(process, 5, TimeUnit.SECONDS);
    }
}
