package io.iiikafka.gateway.socket;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** How large a frame a worker can take (spec: protocol.md 1.5), and what is said of larger ones. */
public final class PayloadLimit {

    /** Python SDKs that do not say otherwise close the connection on a message beyond this, and with it every call in flight. */
    private static final int PYTHON_FRAME = 1_048_576;

    private PayloadLimit() {}

    static int largestFrame(@Nullable Announcement worker) {
        boolean limited = worker != null && "python".equals(worker.runtime()) && !worker.takesLargeMessages();
        return limited ? PYTHON_FRAME : Integer.MAX_VALUE;
    }

    /** The answer to an engine function's input that would be kept in the catalog, or null when it is small enough. */
    public static @Nullable Outcome ofRegistration(Call call, int limit) {
        int size = call.data() == null ? 0 : call.data().length();
        return size <= limit
                ? null
                : Outcome.failure(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "The input of " + call.functionId() + " takes " + size + " bytes, the limit is " + limit
                                + " (limits.max_registration).");
    }

    static Outcome exceeded(String what, long size, long limit) {
        return Outcome.failure(
                ErrorCode.PAYLOAD_TOO_LARGE,
                what + " takes " + size + " bytes, the limit is " + limit
                        + "; send large data through a channel (engine::channels::create).");
    }
}
