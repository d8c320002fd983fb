package io.iiikafka.gateway.invocation;

import org.jspecify.annotations.Nullable;

/**
 * What a gateway writes beside a slot's committed offset.
 *
 * @param gateway who committed
 * @param handedOver whether it gave the slot up in order: what follows the offset was not touched
 */
record CommitNote(String gateway, boolean handedOver) {

    private static final String RUNNING = "running ";
    private static final String HANDED_OVER = "handed-over ";

    String text() {
        return (handedOver ? HANDED_OVER : RUNNING) + gateway;
    }

    static @Nullable CommitNote parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.startsWith(RUNNING)) {
            return new CommitNote(text.substring(RUNNING.length()), false);
        }
        return text.startsWith(HANDED_OVER) ? new CommitNote(text.substring(HANDED_OVER.length()), true) : null;
    }
}
