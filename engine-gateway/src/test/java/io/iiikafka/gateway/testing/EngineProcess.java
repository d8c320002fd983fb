package io.iiikafka.gateway.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.iiikafka.gateway.cli.Iii;
import org.awaitility.Awaitility;

/** A gateway and router in a process of their own, on the shared broker, that can be killed like a real one. */
public final class EngineProcess implements AutoCloseable {

    private final Process process;
    private final int port;
    private final Path data;
    private final Path log;

    /** A broker alone, on that port. */
    public static EngineProcess startBroker(int brokerPort) {
        return launch(0, TestBroker.freshDirectory(), List.of("--roles=broker", "--broker-port=" + brokerPort))
                .awaitReady();
    }

    /** A gateway and router on that broker. */
    public static EngineProcess startOn(int brokerPort, String... settings) {
        List<String> options = new ArrayList<>(List.of("--kafka=127.0.0.1:" + brokerPort, "--roles=gateway,router"));
        options.addAll(List.of(settings));
        return launch(0, TestBroker.freshDirectory(), options).awaitReady();
    }

    /** All but the broker in one process, with these settings. */
    public static EngineProcess startWith(String topicPrefix, String... settings) {
        List<String> options = new ArrayList<>(options(topicPrefix, "gateway,router,keeper"));
        options.addAll(List.of(settings));
        return launch(0, TestBroker.freshDirectory(), options).awaitReady();
    }

    private EngineProcess(Process process, int port, Path data) {
        this.process = process;
        this.port = port;
        this.data = data;
        this.log = log(data);
    }

    private static Path log(Path data) {
        return data.resolve("log.txt");
    }

    /** Starts the process on the port, or on any free one for 0; returns when it is ready. */
    public static EngineProcess start(String topicPrefix, int wantedPort) {
        return start(topicPrefix, wantedPort, "gateway,router");
    }

    /** As {@link #start(String, int)}, with these roles. */
    public static EngineProcess start(String topicPrefix, int wantedPort, String roles) {
        return launch(topicPrefix, wantedPort, roles).awaitReady();
    }

    /** As {@link #start(String, int, String)}, but returns at once, so that several can start at the same time. */
    public static EngineProcess launch(String topicPrefix, int wantedPort, String roles) {
        return launch(topicPrefix, wantedPort, roles, TestBroker.freshDirectory());
    }

    /** Another process on the port and the directory of this one, which has ended. */
    public EngineProcess successor(String topicPrefix, String roles) {
        return launch(topicPrefix, port, roles, data);
    }

    private static EngineProcess launch(String topicPrefix, int wantedPort, String roles, Path data) {
        return launch(wantedPort, data, options(topicPrefix, roles));
    }

    private static List<String> options(String topicPrefix, String roles) {
        return List.of(
                "--kafka=" + TestBroker.bootstrapServers(),
                "--roles=" + roles,
                "--prefix=" + topicPrefix,
                "--set=topics.partitions=" + TestEngine.PARTITIONS,
                "--set=topics.slots=" + TestEngine.SLOTS);
    }

    private static EngineProcess launch(int wantedPort, Path data, List<String> options) {
        int port = wantedPort == 0 ? TestPort.next() : wantedPort;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-ea",
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Iii.class.getName(),
                "--data=" + data,
                "--host=127.0.0.1",
                "--port=" + port,
                "--http-port=0",
                "--stream-port=0",
                "--admin-port=0"));
        command.addAll(options);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log(data).toFile())
                    .start();
            return new EngineProcess(process, port, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public EngineProcess awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new AssertionError("the engine ended: " + Files.readString(log));
            }
            return Files.readString(log).contains("is ready");
        });
        return this;
    }

    public int port() {
        return port;
    }

    public String url() {
        return "ws://127.0.0.1:" + port;
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        await(Duration.ofSeconds(10));
    }

    /** SIGSTOP: the process stands still, its connections stay open. */
    public void freeze() {
        signal("STOP");
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGTERM; returns when the process has ended in order. */
    public void stop() {
        process.destroy();
        if (!await(Duration.ofSeconds(30))) {
            process.destroyForcibly();
            throw new AssertionError("the engine did not stop: " + log);
        }
    }

    private boolean await(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What it said so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
