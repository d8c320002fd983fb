package io.iiikafka.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.iiikafka.bench.process.Child;

/** How the ends of a call are started. */
final class Children {

    /** For JVMs that only hold clients. */
    static final List<String> JVM = List.of(
            "-Xmx384m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "--sun-misc-unsafe-memory-access=allow");

    /** The Node SDK would otherwise trace and measure itself and send that over the socket that is measured. */
    private static final Map<String, String> NODE_ENVIRONMENT = Map.of("OTEL_ENABLED", "false");

    private Children() {}

    static Child node(Options options, String name, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("node", options.node().resolve(program).toString()));
        command.addAll(List.of(arguments));
        return Child.start(name, options.logs(), command, NODE_ENVIRONMENT);
    }
}
