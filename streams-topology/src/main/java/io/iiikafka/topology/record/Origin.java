package io.iiikafka.topology.record;

/**
 * Who waits for a call, and the identity by which receivers drop duplicates: a gateway never uses a number twice.
 *
 * @param gateway the gateway that asked
 * @param slot the partition of {@code results} that it reads
 * @param number the gateway's number for the call
 */
public record Origin(String gateway, int slot, long number) {}
