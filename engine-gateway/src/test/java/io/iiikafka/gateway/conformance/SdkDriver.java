package io.iiikafka.gateway.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A running driver process: its results so far, and what it wishes of its surroundings. */
final class SdkDriver implements AutoCloseable {

    private static final String WISH = "HARNESS ";
    /** Stands in the queue of wishes for the end of the driver's output. */
    private static final String END = "";

    private final SdkClient client;
    private final Process process;
    private final Path errors;
    /** For people: what the driver printed, with the time that each scenario took. */
    private final Path output;
    private final Map<String, ScenarioResult> results = new ConcurrentHashMap<>();
    private final BlockingQueue<String> wishes = new LinkedBlockingQueue<>();

    private SdkDriver(SdkClient client, Process process, Path errors) {
        this.client = client;
        this.process = process;
        this.errors = errors;
        this.output = errors.resolveSibling(client.run() + ".out");
        Thread.ofVirtual().name(client.name()).start(this::read);
    }

    static SdkDriver start(SdkClient client, Installation installation, Map<String, String> environment) {
        try {
            Path errors = Installation.installed("logs").resolve(client.run() + ".log");
            ProcessBuilder builder = new ProcessBuilder(installation.command())
                    .directory(installation.directory().toFile())
                    .redirectError(errors.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("III_") || name.startsWith("OTEL_"));
            builder.environment().putAll(environment);
            builder.environment().put("III_SDK", client.name());
            builder.environment().put("III_RUN", client.run());
            builder.environment().put("III_LEGACY_LISTS", String.valueOf(client.legacyLists()));
            String scenarios = client.scenarios().stream().map(Scenario::id).collect(Collectors.joining(","));
            builder.environment().put("III_SCENARIOS", scenarios);
            return new SdkDriver(client, builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintWriter copy = new PrintWriter(output.toFile(), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                copy.println(line);
                if (line.startsWith(WISH)) {
                    wishes.add(line.substring(WISH.length()));
                } else {
                    ScenarioResult.of(line).ifPresent(result -> results.put(result.scenario(), result));
                }
            }
        } catch (IOException e) {
            // The process ended in the middle of a line; what it had said before counts.
        } finally {
            wishes.add(END);
        }
    }

    /** Waits for the next wish; empty when the driver has ended, or wishes nothing for so long that it is ended here. */
    Optional<String> nextWish(long seconds) throws InterruptedException {
        String wish = wishes.poll(seconds, TimeUnit.SECONDS);
        if (wish == null || wish.equals(END)) {
            process.destroyForcibly();
            wishes.add(END);
            return Optional.empty();
        }
        return Optional.of(wish);
    }

    /** Tells the driver that its wish is fulfilled. */
    void answer() {
        try {
            Writer out = process.outputWriter(StandardCharsets.UTF_8);
            out.write("done\n");
            out.flush();
        } catch (IOException e) {
            // It ended meanwhile; the results that are missing tell so.
        }
    }

    SdkClient client() {
        return client;
    }

    /** The driver's word on a scenario, or a failure that shows the end of what it printed when it never came to it. */
    ScenarioResult result(Scenario scenario) {
        ScenarioResult result = results.get(scenario.id());
        return result != null ? result : new ScenarioResult(scenario.id(), false, 0, "no result; " + lastWords());
    }

    private String lastWords() {
        try {
            String all = Files.readString(errors);
            return "the driver's last words: " + all.substring(Math.max(0, all.length() - 2000));
        } catch (IOException e) {
            return "the driver left no words";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
