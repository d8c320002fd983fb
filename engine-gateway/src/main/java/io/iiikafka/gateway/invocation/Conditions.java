package io.iiikafka.gateway.invocation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Origin;
import io.iiikafka.topology.record.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the function that may veto a call before the call is handed to its worker (spec: state.md 5.4). */
final class Conditions {

    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);
    private static final long DEADLINE_MS = 60_000;
    private static final Set<String> PLACES = Set.of("scope", "key", "streamName", "groupId");

    private final Supplier<EngineInvoker> invoker;
    private final Outcomes outcomes;
    private final String source;

    /** Calls of the same function about the same thing, whose conditions are asked one after the other. */
    private final ConditionQueues queues;

    /**
     * @param source who answers for calls that are not made
     * @param queues where those wait whose condition cannot be asked yet
     */
    Conditions(Supplier<EngineInvoker> invoker, Outcomes outcomes, String source, ConditionQueues queues) {
        this.invoker = invoker;
        this.outcomes = outcomes;
        this.source = source;
        this.queues = queues;
    }

    /**
     * Goes on unless the condition answers {@code false} or fails; then the call is answered unseen. Calls of one
     * function about one key go on in the order in which they came, whatever their conditions take.
     *
     * @return false: nothing is done, because too much waits already
     */
    boolean ask(Delivery delivery, Runnable goOn) {
        String queue = subject(delivery);
        return switch (queues.enter(queue, new ConditionQueues.Waiting(delivery, () -> askLater(delivery, goOn, queue)))) {
            case FIRST -> {
                askNow(delivery, goOn, queue);
                yield true;
            }
            case WAITS -> true;
            case NO_ROOM -> false;
        };
    }

    /** Why the delivery may not wait. */
    String noRoom(Delivery delivery) {
        return "The condition " + delivery.routed().condition() + " of " + delivery.call().functionId()
                + " is answered slower than calls come, and what waits on their gateway would take more than "
                + queues.limits() + "; retry later.";
    }

    /** Takes out those that have waited for too long. */
    List<Delivery> expire(long nowMs) {
        return queues.expire(nowMs);
    }

    /** Asks no more: who takes the slots over asks for what waits. */
    void close() {
        queues.clear();
    }

    /** What the call is about: its function, condition, and the place that its event names. */
    private static String subject(Delivery delivery) {
        Origin origin = delivery.routed().origin();
        if (origin != null && origin.isKeeper()) {
            return delivery.call().invocationId(); // a job, whose order is kept by whoever waits for its outcome
        }
        StringBuilder subject = new StringBuilder(delivery.call().functionId())
                .append('\0')
                .append(delivery.routed().condition());
        RawJson event = delivery.call().data();
        if (event != null) {
            event.forEachMember((name, value) -> {
                if (PLACES.contains(name)) {
                    subject.append('\0').append(value);
                }
            });
        }
        return subject.toString();
    }

    private static Outcome told(Outcome.Failure failure) {
        return new Outcome.Failure(
                new ErrorBody(failure.error().code(), "Condition function error: " + failure.error().message()));
    }

    private void next(String queue) {
        ConditionQueues.Waiting next = queues.next(queue);
        if (next != null) {
            ForkJoinPool.commonPool().execute(next.turn()); // not here: that would nest as deep as the queue is long
        }
    }

    /** What goes wrong must not keep its slot waiting. */
    private void askLater(Delivery delivery, Runnable goOn, String queue) {
        try {
            askNow(delivery, goOn, queue);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("function", delivery.call().functionId())
                    .setCause(e)
                    .log("A condition could not be asked; the call counts as stopped");
            outcomes.stopped(delivery);
        }
    }

    private void askNow(Delivery delivery, Runnable goOn, String queue) {
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
        AtomicBoolean left = new AtomicBoolean();
        Runnable leave = () -> {
            if (left.compareAndSet(false, true)) { // it may be answered, and fail, while it is asked
                next(queue);
            }
        };
        try {
            invoker.get().invoke(question, outcome -> answered(outcome, condition, delivery, goOn, leave));
        } catch (RuntimeException e) {
            leave.run();
            throw e;
        }
    }

    private void answered(Outcome given, String condition, Delivery delivery, Runnable goOn, Runnable leave) {
        try {
            switch (given) {
                case Outcome.Success success when success.value() != null && success.value().isFalse() ->
                    outcomes.vetoed(delivery);
                case Outcome.Success success -> goOn.run();
                case Outcome.Failure failure -> {
                    LOG.atError()
                            .addKeyValue("condition", condition)
                            .addKeyValue("function", delivery.call().functionId())
                            .addKeyValue("code", failure.error().code())
                            .log("A condition failed, so its function is not called: {}", failure.error().message());
                    outcomes.send(delivery, told(failure), source); // who repeats the call asks again
                }
            }
        } finally {
            leave.run();
        }
    }
}
