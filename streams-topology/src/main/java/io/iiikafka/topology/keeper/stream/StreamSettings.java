package io.iiikafka.topology.keeper.stream;

/**
 * What an operator decides about streams.
 *
 * @param maxPayloadBytes longest item; an answer may hold two
 * @param replay what is kept of their events
 * @param triggerPayload what handlers of triggers are told that do not say
 */
public record StreamSettings(int maxPayloadBytes, ReplaySettings replay, PayloadForm triggerPayload) {

    public static final StreamSettings DEFAULT = new StreamSettings(16 << 20, ReplaySettings.DEFAULT, PayloadForm.FRAME);
}
