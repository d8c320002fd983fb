package io.iiikafka.bench.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.iiikafka.bench.load.AsyncCall;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.protocol.RawJson;

/** A call by the Java SDK. */
record SdkCall(Worker worker, String function, Supplier<RawJson> payload) implements AsyncCall {

    @Override
    public CompletableFuture<?> ask() {
        return worker.triggerAsync(function, payload.get(), RawJson.class);
    }

    @Override
    public void askAndWait(Duration patience) {
        worker.call(function).data(payload.get()).timeout(patience).trigger();
    }
}
