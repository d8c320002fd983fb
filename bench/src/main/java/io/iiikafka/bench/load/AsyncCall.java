package io.iiikafka.bench.load;

import java.util.concurrent.CompletableFuture;

/** Asks once; the future completes with the answer. */
@FunctionalInterface
public interface AsyncCall {

    CompletableFuture<?> ask();
}
