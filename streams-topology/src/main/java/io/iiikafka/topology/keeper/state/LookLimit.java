package io.iiikafka.topology.keeper.state;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.keeper.Refusal;

/**
 * How many entries one command may look at: all others of the partition wait for it meanwhile. What is longer is read in
 * pages.
 */
final class LookLimit {

    /** Takes about a third of a second. */
    static final int MOST = 100_000;

    private LookLimit() {}

    /**
     * @param what is too long, as the beginning of a sentence
     * @param instead what to do
     * @throws Refusal when there are more
     */
    static void check(long entries, String what, String instead) {
        if (entries > MOST) {
            throw new Refusal(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    what + " more than " + MOST + " entries, the limit of what is looked at in one go; " + instead + ".");
        }
    }
}
