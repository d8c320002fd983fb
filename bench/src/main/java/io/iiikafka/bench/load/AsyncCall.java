package io.iiikafka.bench.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks once; the future completes with the answer. */
@FunctionalInterface
public interface AsyncCall {

    CompletableFuture<?> ask();

    /** Asks, and waits for the answer: the client's own way to do so, where it has one. */
    default void askAndWait(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
        ask().get(patience.toNanos(), TimeUnit.NANOSECONDS);
    }
}
