package io.iiikafka.bench.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.iiikafka.bench.process.ProcessFacts;
import io.iiikafka.bench.process.Processes;

/** {@code ./iii} as users start it, on free ports and a data directory of its own. */
public final class EngineProcess implements AutoCloseable {

    private static final Pattern WHERE = Pattern.compile("^ +(workers|REST|streams|admin|Kafka) +(\\S+).*");
    private static final String LAST_LINE = "Try: ";

    private final Process process;
    private final Map<String, String> addresses;
    private final double readySeconds;

    private EngineProcess(Process process, Map<String, String> addresses, double readySeconds) {
        this.process = process;
        this.addresses = addresses;
        this.readySeconds = readySeconds;
    }

    /** Starts it and returns when it says that it is ready. */
    public static EngineProcess start(Path home, Path data, Path log, String... arguments) throws IOException {
        return start(home, data, log, Map.of(), arguments);
    }

    /** Starts it with more environment. */
    public static EngineProcess start(
            Path home, Path data, Path log, Map<String, String> environment, String... arguments) throws IOException {
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>(List.of(
                home.resolve("iii").toString(), "--data", data.toString(),
                "--port", "0", "--http-port", "0", "--stream-port", "0", "--admin-port", "0"));
        command.addAll(List.of(arguments));
        long begin = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Map<String, String> addresses = readAddresses(process.inputReader());
        double ready = (System.nanoTime() - begin) / 1e9;
        if (addresses.isEmpty()) {
            Processes.stop(process, 1, TimeUnit.SECONDS);
            throw new IOException("the engine did not start; see " + log);
        }
        return new EngineProcess(process, addresses, ready);
    }

    private static Map<String, String> readAddresses(BufferedReader output) throws IOException {
        Map<String, String> addresses = new HashMap<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher where = WHERE.matcher(line);
            if (where.matches()) {
                addresses.put(where.group(1), where.group(2));
            }
            if (line.startsWith(LAST_LINE)) {
                return addresses;
            }
        }
        return Map.of();
    }

    /** From the start of the command, the launcher script included, to its saying that it is ready. */
    public double readySeconds() {
        return readySeconds;
    }

    /** {@code ws://HOST:PORT} for workers. */
    public String workers() {
        return addresses.getOrDefault("workers", "");
    }

    /** {@code http://HOST:PORT}. */
    public String rest() {
        return addresses.getOrDefault("REST", "");
    }

    /** {@code ws://HOST:PORT} for consumers of streams. */
    public String streams() {
        return addresses.getOrDefault("streams", "");
    }

    /** {@code HOST:PORT}. */
    public String kafka() {
        return addresses.getOrDefault("Kafka", "");
    }

    public long pid() {
        return process.pid();
    }

    public ProcessFacts facts() {
        return new ProcessFacts(process.pid());
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        Processes.stop(process, 15, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroy();
        Processes.stop(process, 15, TimeUnit.SECONDS);
    }
}
