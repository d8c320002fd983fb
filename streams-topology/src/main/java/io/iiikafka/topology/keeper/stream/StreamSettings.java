package io.iiikafka.topology.keeper.stream;

/**
 * What an operator decides about streams.
 *
 * @param maxPayloadBytes longest item; an answer may hold two
 */
public record StreamSettings(int maxPayloadBytes) {

    public static final StreamSettings DEFAULT = new StreamSettings(16 << 20);
}
