package io.iiikafka.gateway.invocation;

import static java.util.Objects.requireNonNull;

import java.util.UUID;
import java.util.function.Supplier;

import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the function that may veto a call before the call is handed to its worker (spec: state.md 5.4). */
final class Conditions {

    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);
    private static final long DEADLINE_MS = 60_000;

    private final Supplier<EngineInvoker> invoker;

    Conditions(Supplier<EngineInvoker> invoker) {
        this.invoker = invoker;
    }

    /** Goes on unless the condition answers {@code false} or fails; then the call is ticked off unseen. */
    void ask(Delivery delivery, Runnable goOn) {
        Call call = delivery.call();
        String condition = requireNonNull(delivery.routed().condition());
        Call question = new Call(
                UUID.randomUUID().toString(),
                condition,
                call.namespace(),
                call.data(),
                null,
                true,
                null,
                call.traceparent(),
                call.baggage(),
                System.currentTimeMillis() + DEADLINE_MS);
        invoker.get().invoke(question, outcome -> {
            switch (outcome) {
                case Outcome.Success success when success.value() != null && success.value().isFalse() ->
                    delivery.progress().done();
                case Outcome.Success success -> goOn.run();
                case Outcome.Failure failure -> {
                    LOG.atError()
                            .addKeyValue("condition", condition)
                            .addKeyValue("function", call.functionId())
                            .addKeyValue("code", failure.error().code())
                            .log("A condition failed, so its function is not called: {}", failure.error().message());
                    delivery.progress().done();
                }
            }
        });
    }
}
