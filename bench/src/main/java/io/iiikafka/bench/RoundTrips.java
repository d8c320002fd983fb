package io.iiikafka.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.engine.EngineProcess;
import io.iiikafka.bench.engine.JavaSdkMain;
import io.iiikafka.bench.floor.FloorMain;
import io.iiikafka.bench.floor.SocketCallerMain;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.Ports;
import io.iiikafka.bench.process.Processes;

/** Starts the floor and the ends that call through the engine. */
final class RoundTrips {

    private static final String PAGE_CACHE =
            "in Kafka's log at every hop, acks=all, one broker, not synced to disk before the answer";
    /** As many as the engine takes on two processors. */
    private static final String STREAM_THREADS = "1";
    /** The engine's, see its launcher. */
    private static final List<String> FLOOR_JVM = List.of(
            "-XX:+UseSerialGC", "-Xms64m", "-Xmx384m", "-Xlog:disable", "--sun-misc-unsafe-memory-access=allow");

    private RoundTrips() {}

    /** Returns the floor's process. */
    static Child addFloor(Options options, Started started, Results results) throws IOException {
        Path data = options.target().resolve("data/floor");
        int bridge = Ports.free();
        Child floor = started.push(Child.start(
                "floor",
                options.logs(),
                Processes.java(FloorMain.class, FLOOR_JVM, data.toString(), STREAM_THREADS, Integer.toString(bridge)),
                Map.of("III_LOG_KAFKA", "ERROR")));
        results.subjects.add(new Subject(
                Subject.FLOOR,
                "the floor: bare Kafka clients and a pass-through Streams hop, one JVM with the broker",
                PAGE_CACHE,
                floor,
                "streams",
                floor.pid()));
        results.subjects.add(new Subject(
                Subject.FLOOR_PLAIN, "the same without the Streams hop", PAGE_CACHE, floor, "plain", floor.pid()));
        Child caller = started.push(Child.start(
                "floor-socket",
                options.logs(),
                Processes.java(SocketCallerMain.class, Children.JVM, "ws://127.0.0.1:" + bridge),
                Map.of()));
        results.subjects.add(new Subject(
                Subject.FLOOR_SOCKET,
                "`floor-plain` behind a bare WebSocket, as a worker has one",
                PAGE_CACHE,
                caller,
                "call",
                floor.pid()));
        return floor;
    }

    /** Returns the process that holds the Java ends. */
    static Child addJava(Options options, EngineProcess engine, Started started, Results results) throws IOException {
        Child java = started.push(Child.start(
                "java-sdk",
                options.logs(),
                Processes.java(JavaSdkMain.class, Children.JVM, engine.workers()),
                Map.of()));
        results.subjects.add(new Subject(
                Subject.JAVA,
                "iii-kafka, Java SDK at both ends (two connections, one JVM)",
                PAGE_CACHE,
                java,
                "call",
                engine.pid()));
        return java;
    }

    static void addNode(Options options, EngineProcess engine, Started started, Results results) {
        try {
            started.push(Children.node(options, "iii-worker", "iii-worker.mjs", engine.workers()));
            Child caller = started.push(Children.node(options, "iii-caller", "iii-caller.mjs", engine.workers()));
            results.subjects.add(new Subject(
                    Subject.NODE,
                    "iii-kafka, Node `iii-sdk` 0.22.1 at both ends (two processes), its telemetry off",
                    PAGE_CACHE,
                    caller,
                    "call",
                    engine.pid()));
        } catch (IOException e) {
            results.skip("Node ends: " + e.getMessage());
        }
    }
}
