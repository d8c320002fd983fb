package io.iiikafka.gateway.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/** {@code iii} with some arguments, in a directory of its own, with its output in files. */
final class IiiProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> FREE_PORTS =
            List.of("--port=0", "--http-port=0", "--stream-port=0", "--admin-port=0", "--broker-port=0");

    private final Path out;
    private final Path err;
    private final Process process;

    private IiiProcess(Path directory, List<String> arguments) throws IOException {
        this.out = Files.createTempFile(directory, "out", ".txt");
        this.err = Files.createTempFile(directory, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Iii.class.getName()));
        command.addAll(FREE_PORTS);
        command.addAll(arguments);
        this.process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
    }

    static IiiProcess start(Path directory, String... arguments) throws IOException {
        return new IiiProcess(directory, Arrays.asList(arguments));
    }

    IiiProcess awaitReady() {
        Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive() || out().contains(" is ready"));
        if (!process.isAlive()) {
            throw new IllegalStateException("it did not start: " + err());
        }
        return this;
    }

    /** The exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("it still runs: " + out() + err());
        }
        return process.exitValue();
    }

    /** How much memory the process has at the moment; empty where the system does not tell. */
    String residentKilobytes() throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        return Files.isReadable(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .findFirst()
                        .orElse("")
                : "";
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
