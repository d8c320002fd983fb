package io.iiikafka.bench;

import java.io.IOException;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.iiikafka.bench.load.Load;
import io.iiikafka.bench.load.Measurement;
import io.iiikafka.bench.process.Child;
import io.iiikafka.bench.process.ProcessFacts;

/**
 * A system whose round trips are measured.
 *
 * @param durability what has happened to a call before it is answered
 * @param child the process that calls
 * @param server the process whose processor time counts
 */
public record Subject(
        String id,
        String title,
        String durability,
        @JsonIgnore Child child,
        @JsonIgnore String scenario,
        @JsonIgnore long server) {

    static final String FLOOR = "floor";
    static final String FLOOR_PLAIN = "floor-plain";
    static final String FLOOR_SOCKET = "floor-socket";
    static final String JAVA = "java";
    static final String NODE = "node";
    static final String NATS_JAVA = "nats-java";
    static final String NATS_NODE = "nats-node";
    static final String RESTATE = "restate-node";

    Measurement measure(Load load) throws IOException {
        ProcessFacts facts = new ProcessFacts(server);
        double before = facts.cpuSeconds();
        Measurement measured = child.run(scenario, load, Measurement.class);
        return measured.withCpu(facts.cpuSeconds() - before);
    }
}
