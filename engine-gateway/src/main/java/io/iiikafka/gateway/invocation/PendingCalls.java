package io.iiikafka.gateway.invocation;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/** Calls made through this gateway whose outcome somebody waits for, by the number that this gateway gave them. */
final class PendingCalls {

    /**
     * A call that waits, and where: results come in on {@code slot}.
     *
     * @param waits whether somebody still waits, whatever the call's deadline; null: until the deadline
     */
    record Pending(Call call, int slot, OutcomeHandler handler, @Nullable BooleanSupplier waits) {

        boolean isOver(long nowMs) {
            return waits == null ? call.deadlineMs() <= nowMs : !waits.getAsBoolean();
        }
    }

    private final Map<Long, Pending> waiting = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    long nextNumber() {
        return numbers.incrementAndGet();
    }

    int size() {
        return waiting.size();
    }

    void add(long number, Pending pending) {
        waiting.put(number, pending);
    }

    /** Takes the call out: whoever gets it must tell its handler. Null when somebody was faster. */
    @Nullable Pending take(long number) {
        return waiting.remove(number);
    }

    boolean anyOn(int slot) {
        return waiting.values().stream().anyMatch(pending -> pending.slot() == slot);
    }

    /** Ends the calls whose deadline has passed, and those that nobody waits for any more. */
    void expire(long nowMs) {
        for (Iterator<Map.Entry<Long, Pending>> entries = waiting.entrySet().iterator(); entries.hasNext(); ) {
            Map.Entry<Long, Pending> entry = entries.next();
            Call call = entry.getValue().call();
            if (entry.getValue().isOver(nowMs) && take(entry.getKey()) != null) {
                entry.getValue().handler().ended(Outcome.failure(
                        ErrorCode.INVOCATION_TIMEOUT, "No answer from " + call.functionId() + " before the deadline"));
            }
        }
    }

    /** Ends all calls, because this gateway stops. */
    void stopAll() {
        for (Long number : waiting.keySet()) {
            Pending pending = take(number);
            if (pending != null) {
                pending.handler().ended(Outcome.failure(ErrorCode.INVOCATION_STOPPED, "Invocation stopped"));
            }
        }
    }
}
