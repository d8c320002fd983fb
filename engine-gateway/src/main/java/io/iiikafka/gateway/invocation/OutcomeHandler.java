package io.iiikafka.gateway.invocation;

import io.iiikafka.topology.record.Outcome;

/** Told once how a call ended. */
@FunctionalInterface
public interface OutcomeHandler {

    void ended(Outcome outcome);
}
