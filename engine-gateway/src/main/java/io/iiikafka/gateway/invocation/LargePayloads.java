package io.iiikafka.gateway.invocation;

import java.util.concurrent.atomic.AtomicLong;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * What the large payloads of calls in flight take together: each is in memory until its outcome is there, or until Kafka
 * has it when nobody waits, so their number alone is no bound. Small ones are not counted. Any thread.
 */
final class LargePayloads {

    private static final int LARGE = 16 * 1024;

    private final long limit;
    private final AtomicLong taken = new AtomicLong();

    /** @param limit in bytes; a single payload always fits */
    LargePayloads(long limit) {
        this.limit = limit;
    }

    long limit() {
        return limit;
    }

    static boolean counts(Call call) {
        return bytes(call) > LARGE;
    }

    /** What a caller can make as large as it likes. */
    private static long bytes(Call call) {
        return (long) length(call.data()) + length(call.metadata()) + (call.baggage() == null ? 0 : call.baggage().length());
    }

    private static int length(@Nullable RawJson json) {
        return json == null ? 0 : json.length();
    }

    /** Whether there is room for the call's payload; then it is taken until {@link #giveBack}. */
    boolean take(Call call) {
        long bytes = bytes(call);
        long before = taken.getAndAdd(bytes);
        if (before == 0 || before + bytes <= limit) {
            return true;
        }
        taken.addAndGet(-bytes);
        return false;
    }

    void giveBack(Call call) {
        taken.addAndGet(-bytes(call));
    }
}
