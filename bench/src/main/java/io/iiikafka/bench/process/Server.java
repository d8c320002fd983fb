package io.iiikafka.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that serves until it is closed. What it says goes to a log file. */
public final class Server implements AutoCloseable {

    private final Process process;

    private Server(Process process) {
        this.process = process;
    }

    /** Returns when it listens on the port. */
    public static Server start(
            String name, Path logDirectory, List<String> command, Map<String, String> environment, int port)
            throws IOException, InterruptedException {
        Files.createDirectories(logDirectory);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(logDirectory.resolve(name + ".log").toFile());
        builder.environment().putAll(environment);
        Server server = new Server(builder.start());
        try {
            Ports.awaitOpen(port);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Of what it really is, where the command only wraps it. */
    public long pid() {
        return process.descendants().findFirst().orElse(process.toHandle()).pid();
    }

    @Override
    public void close() {
        process.destroy();
        Processes.stop(process, 10, TimeUnit.SECONDS);
    }
}
