package io.iiikafka.topology.keeper.stream;

/**
 * What an operator decides about streams.
 *
 * @param maxPayloadBytes longest item; an answer may hold two
 * @param replay what is kept of their events
 */
public record StreamSettings(int maxPayloadBytes, ReplaySettings replay) {

    public static final StreamSettings DEFAULT = new StreamSettings(16 << 20, ReplaySettings.DEFAULT);
}
