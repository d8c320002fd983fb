package io.iiikafka.gateway.socket;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** How large a frame a worker can take (spec: protocol.md 1.5). */
final class PayloadLimit {

    /** Python SDKs that do not say otherwise close the connection on a message beyond this, and with it every call in flight. */
    private static final int PYTHON_FRAME = 1_048_576;

    private PayloadLimit() {}

    static int largestFrame(@Nullable Announcement worker) {
        boolean limited = worker != null && "python".equals(worker.runtime()) && !worker.takesLargeMessages();
        return limited ? PYTHON_FRAME : Integer.MAX_VALUE;
    }

    static Outcome exceeded(String what, long size, long limit) {
        return Outcome.failure(
                ErrorCode.PAYLOAD_TOO_LARGE,
                what + " takes " + size + " bytes, the limit is " + limit
                        + "; send large data through a channel (engine::channels::create).");
    }
}
