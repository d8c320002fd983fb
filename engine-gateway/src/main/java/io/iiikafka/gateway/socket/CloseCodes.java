package io.iiikafka.gateway.socket;

import org.jspecify.annotations.Nullable;

/** What a worker's close code means. */
final class CloseCodes {

    private static final int NORMAL = 1000;
    private static final int NO_CODE = 1005;

    private CloseCodes() {}

    /** Whether the worker left on purpose, rather than being cut off. */
    static boolean saysGoodbye(@Nullable Short code) {
        return code != null && (code == NORMAL || code == NO_CODE);
    }
}
