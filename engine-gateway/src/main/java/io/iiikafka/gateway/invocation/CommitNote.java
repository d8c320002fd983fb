package io.iiikafka.gateway.invocation;

import org.jspecify.annotations.Nullable;

/**
 * What a gateway writes beside a slot's committed offset.
 *
 * @param gateway who committed
 * @param handedOver whether it gave the slot up in order: what follows the offset was not touched by it
 * @param uncertainUntil what follows may, before this offset, have been run by a gateway before it that is gone; 0: nothing of it
 */
record CommitNote(String gateway, boolean handedOver, long uncertainUntil) {

    private static final String RUNNING = "running ";
    private static final String HANDED_OVER = "handed-over ";

    static CommitNote running(String gateway) {
        return new CommitNote(gateway, false, 0);
    }

    static CommitNote handedOver(String gateway, long uncertainUntil) {
        return new CommitNote(gateway, true, uncertainUntil);
    }

    String text() {
        return (handedOver ? HANDED_OVER : RUNNING) + gateway + (uncertainUntil == 0 ? "" : " " + uncertainUntil);
    }

    /** Null when it is none. */
    static @Nullable CommitNote parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.startsWith(RUNNING)) {
            return running(text.substring(RUNNING.length()));
        }
        if (!text.startsWith(HANDED_OVER)) {
            return null;
        }
        String rest = text.substring(HANDED_OVER.length());
        int space = rest.indexOf(' ');
        try {
            return space < 0
                    ? handedOver(rest, 0)
                    : handedOver(rest.substring(0, space), Long.parseLong(rest, space + 1, rest.length(), 10));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
