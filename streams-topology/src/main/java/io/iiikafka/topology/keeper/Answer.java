package io.iiikafka.topology.keeper;

import io.iiikafka.topology.record.Outcome;

/**
 * The answer to an earlier command, which was left waiting.
 *
 * @param to whom; must have come from a gateway
 */
public record Answer(Command to, Outcome outcome) {}
