package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.peer.NatsJavaMain;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Ports;
import io.iiikafka.bench.process.Processes;
import io.iiikafka.bench.process.Server;

/** Other systems that carry a request and its reply. One that cannot be started is skipped, and that is said. */
final class Peers {

    private static final String IN_MEMORY = "in memory only: nothing is kept";
    private static final String RESTATE_LOG =
            "in Restate's log on disk (RocksDB write-ahead log), single node, its defaults";

    private final Options options;
    private final Started started;
    private final Results results;

    Peers(Options options, Started started, Results results) {
        this.options = options;
        this.started = started;
        this.results = results;
    }

    void start() throws InterruptedException {
        try {
            startNats();
        } catch (IOException e) {
            results.skip("NATS: " + e.getMessage());
        }
        try {
            startRestate();
        } catch (IOException e) {
            results.skip("Restate: " + e.getMessage());
        }
    }

    private void startNats() throws IOException, InterruptedException {
        int port = Ports.free();
        String address = "nats://127.0.0.1:" + port;
        Server nats = started.push(Server.start(
                "nats-server",
                options.logs(),
                List.of("nats-server", "-a", "127.0.0.1", "-p", Integer.toString(port)),
                Map.of(),
                port));
        Child java = started.push(Child.start(
                "nats-java", options.logs(), Processes.java(NatsJavaMain.class, Children.JVM, address), Map.of()));
        results.subjects.add(new Subject(
                Subject.NATS_JAVA,
                "NATS request-reply, Java client at both ends (one JVM)",
                IN_MEMORY,
                java,
                "call",
                nats.pid()));
        node("nats-worker", "nats-worker.mjs", address);
        results.subjects.add(new Subject(
                Subject.NATS_NODE,
                "NATS request-reply, Node client at both ends (two processes), JSON parsed at both",
                IN_MEMORY,
                node("nats-caller", "nats-caller.mjs", address),
                "call",
                nats.pid()));
    }

    private void startRestate() throws IOException, InterruptedException {
        Path binary = options.node().resolve("restate/node_modules/.bin/restate-server");
        if (!Files.exists(binary)) {
            throw new IOException("not installed in " + options.node().resolve("restate"));
        }
        int ingress = Ports.free();
        int admin = Ports.free();
        String data = options.target().resolve("data/restate").toString();
        Server restate = started.push(Server.start(
                "restate-server",
                options.logs(),
                List.of(binary.toString(), "--node-name", "bench", "--base-dir", data),
                Map.of(
                        "RESTATE_INGRESS__BIND_ADDRESS", "127.0.0.1:" + ingress,
                        "RESTATE_ADMIN__BIND_ADDRESS", "127.0.0.1:" + admin,
                        "RESTATE_BIND_ADDRESS", "127.0.0.1:" + Ports.free(),
                        "RESTATE_DISABLE_TELEMETRY", "true"),
                ingress));
        Ports.awaitOpen(admin);
        node("restate-worker", "restate/worker.mjs", Integer.toString(Ports.free()), "http://127.0.0.1:" + admin);
        results.subjects.add(new Subject(
                Subject.RESTATE,
                "Restate, Node SDK at both ends (two processes), called through its HTTP ingress",
                RESTATE_LOG,
                node("restate-caller", "restate/caller.mjs", "http://127.0.0.1:" + ingress),
                "call",
                restate.pid()));
    }

    private Child node(String name, String program, String... arguments) throws IOException {
        return started.push(Children.node(options, name, program, arguments));
    }
}
