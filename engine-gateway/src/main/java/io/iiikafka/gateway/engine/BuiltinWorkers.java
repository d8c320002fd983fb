package io.iiikafka.gateway.engine;

import java.util.List;

/** The parts of the engine that worker lists show as workers of runtime {@code engine} (spec: protocol.md 6.4). */
public record BuiltinWorkers(List<String> names, String version) {

    static final String FUNCTIONS = "iii-engine-functions";
}
