package io.iiikafka.gateway.conformance;

import java.util.ArrayList;
import java.util.List;

/** Running examples, ended together. */
final class ClosingList implements AutoCloseable {

    private final List<ExampleProcess> processes = new ArrayList<>();

    void add(ExampleProcess process) {
        processes.add(process);
    }

    @Override
    public void close() {
        processes.forEach(ExampleProcess::close);
        processes.clear();
    }
}
