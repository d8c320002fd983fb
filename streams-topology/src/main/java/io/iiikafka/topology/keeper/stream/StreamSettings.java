package io.iiikafka.topology.keeper.stream;

/**
 * What an operator decides about streams.
 *
 * @param maxPayloadBytes longest item; an answer may hold two
 * @param replay what is kept of their events
 * @param triggerPayload what handlers of triggers are told that do not say
 * @param presenceContexts whether {@code stream::presence} tells the contexts of those who listen
 */
public record StreamSettings(
        int maxPayloadBytes, ReplaySettings replay, PayloadForm triggerPayload, boolean presenceContexts) {

    public static final StreamSettings DEFAULT =
            new StreamSettings(16 << 20, ReplaySettings.DEFAULT, PayloadForm.FRAME, false);

    private static final int AROUND = 64 * 1024;

    /** Longest answer. */
    long answerBytes() {
        return 2L * maxPayloadBytes + AROUND;
    }
}
