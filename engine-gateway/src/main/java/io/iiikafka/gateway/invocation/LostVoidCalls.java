package io.iiikafka.gateway.invocation;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says of calls for which nobody waits that they were lost: of one each second, and how many others there were. */
final class LostVoidCalls {

    private static final Logger LOG = LoggerFactory.getLogger(LostVoidCalls.class);
    private static final long EVERY = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong others = new AtomicLong();
    private final AtomicLong saidNanos = new AtomicLong(System.nanoTime() - EVERY);

    void add(Call call, ErrorBody error) {
        add(call.functionId(), call.callerWorkerId(), error);
    }

    /** @param caller the worker that made it; null: none did */
    void add(String functionId, @Nullable String caller, ErrorBody error) {
        long now = System.nanoTime();
        long said = saidNanos.get();
        if (now - said < EVERY || !saidNanos.compareAndSet(said, now)) {
            others.incrementAndGet();
            return;
        }
        LOG.atWarn()
                .addKeyValue("function", functionId)
                .addKeyValue("caller", caller)
                .addKeyValue("code", error.code())
                .addKeyValue("others", others.getAndSet(0))
                .log("A void call was lost: {}", error.message());
    }
}
