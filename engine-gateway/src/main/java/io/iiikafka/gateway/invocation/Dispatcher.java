package io.iiikafka.gateway.invocation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.iiikafka.gateway.tracing.Tracing;
import io.iiikafka.sdk.protocol.ErrorBody;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.catalog.FunctionNotFound;
import io.iiikafka.topology.catalog.Member;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.iiikafka.topology.record.RoutedCall;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands deliveries to local workers. What is for no worker of this gateway (it left, it moved, the slot came from another
 * gateway) goes back to the router; what has been passed on too often is answered.
 */
public final class Dispatcher implements Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MOST_HOPS = 5;
    private static final int MOST_REMEMBERED = 10_000;

    private final String gateway;
    private final LocalFunctions functions;
    private final Catalog catalog;
    private final CallPath path;
    private final Outcomes outcomes;
    private final Conditions conditions;
    private final Supplier<EngineInvoker> engine;
    private final LargePayloads held;
    private final LostVoidCalls lost = new LostVoidCalls();
    private final SubscriberBuffer events;
    private final EventSpans spans;
    private final Set<FunctionKey> reported = ConcurrentHashMap.newKeySet();

    Dispatcher(
            String gateway,
            LocalFunctions functions,
            Catalog catalog,
            CallPath path,
            Outcomes outcomes,
            Conditions conditions,
            Supplier<EngineInvoker> engine,
            LargePayloads held,
            Tracing tracing) {
        this.gateway = gateway;
        this.functions = functions;
        this.catalog = catalog;
        this.path = path;
        this.outcomes = outcomes;
        this.conditions = conditions;
        this.engine = engine;
        this.held = held;
        this.events = new SubscriberBuffer(held);
        this.spans = new EventSpans(tracing);
        outcomes.tell(this::ended);
    }

    /**
     * What becomes of events of pub/sub.
     *
     * @param mostWaiting of each subscriber whose worker is at its limit
     */
    void watchEvents(int mostWaiting, EventWatch watch) {
        events.use(mostWaiting, watch);
    }

    private void ended(Delivery delivery, Outcome outcome) {
        String topic = delivery.routed().topic();
        if (topic != null && outcome instanceof Outcome.Success) {
            events.watch().delivered(topic);
        } else if (topic != null) {
            events.watch().failed(topic);
        }
        spans.end(delivery, outcome);
        events.freed(delivery, this::way);
    }

    /** Of an event that has waited for a worker; null: it must wait on. */
    private @Nullable Runnable way(Delivery delivery) {
        Call call = delivery.call();
        FunctionKey function = new FunctionKey(call.namespace(), call.functionId());
        LocalWorker worker = functions.choose(function, delivery.routed().worker());
        if (worker == null && functions.serves(function)) {
            return null;
        }
        return worker == null ? () -> find(delivery) : () -> worker.deliver(spans.begin(delivery));
    }

    /** Drops what has waited for a condition or a worker for too long, and looks whether other events can go. */
    void expire(long nowMs) {
        conditions.expire(nowMs).forEach(this::tooLate);
        events.expire(nowMs);
        events.look(this::way);
    }

    @Override
    public void accept(Delivery delivery) {
        if (isLate(delivery)) {
            tooLate(delivery);
        } else if (delivery.routed().condition() == null) {
            dispatch(delivery);
        } else if (!conditions.ask(delivery, () -> approved(delivery))) {
            refuse(delivery, conditions.noRoom(delivery));
        }
    }

    private void approved(Delivery delivery) {
        if (isLate(delivery)) {
            tooLate(delivery);
        } else {
            path.approved(delivery, stranded(delivery));
        }
    }

    private static boolean isLate(Delivery delivery) {
        return delivery.call().deadlineMs() < System.currentTimeMillis();
    }

    private void tooLate(Delivery delivery) {
        String topic = delivery.routed().topic();
        if (topic != null) {
            events.watch().dropped(topic);
        }
        delivery.progress().done(); // its origin has ended it
    }

    /** There is no room for it to wait. */
    private void refuse(Delivery delivery, String why) {
        ErrorBody noRoom = ErrorCode.OVERLOADED.body(why);
        if (!delivery.call().reply()) {
            lost.add(delivery.call(), noRoom);
        }
        outcomes.send(delivery, new Outcome.Failure(noRoom), "/gateways/" + gateway);
    }

    private void dispatch(Delivery delivery) {
        if (delivery.routed().topic() == null || !events.follows(delivery)) {
            find(delivery);
        }
    }

    private void find(Delivery delivery) {
        Call call = delivery.call();
        FunctionKey function = new FunctionKey(call.namespace(), call.functionId());
        switch (outcomes.attempts().begin(delivery)) {
            case BegunAttempts.Step.Run run -> {
                LocalWorker worker = functions.choose(function, delivery.routed().worker());
                if (worker != null) {
                    worker.deliver(spans.begin(delivery));
                } else {
                    outcomes.attempts().forget(delivery);
                    findNoWorker(delivery, function);
                }
            }
            case BegunAttempts.Step.Drop drop -> delivery.progress().done();
            case BegunAttempts.Step.Answer before -> outcomes.send(delivery, before.outcome(), before.source());
        }
    }

    private void findNoWorker(Delivery delivery, FunctionKey function) {
        if (!functions.serves(function) && functions.awaitSettled(function, () -> dispatch(delivery))) {
            return; // it comes back when the registration that it overtook is there
        }
        if ((delivery.origin() == null || delivery.origin().isKeeper()) && !catalog.serves(function)) {
            runOwn(delivery, function);
            return;
        }
        if (delivery.routed().hops() < MOST_HOPS && (!functions.serves(function) || servedElsewhere(function))) {
            path.passOn(delivery, stranded(delivery));
        } else if (delivery.routed().topic() != null && functions.serves(function)) {
            events.add(delivery);
            events.freed(delivery, this::way); // a worker may have ended a call since
        } else {
            outcomes.send(
                    delivery,
                    Outcome.failure(
                            ErrorCode.OVERLOADED,
                            "All workers that serve " + function.id() + " are at their limit of calls in flight"
                                    + " (limits.in_flight_per_worker); retry later."),
                    "/gateways/" + gateway);
        }
    }

    /**
     * Hands a call to the least busy of this gateway's workers that serve its function; false: none of them can take it. Any
     * thread.
     *
     * @param call its {@link Call#reply()} is true
     * @param ended told once, on any thread; {@code engine_unavailable} when the worker left before it got the call
     */
    public boolean deliverHere(Call call, OutcomeHandler ended) {
        LocalWorker worker = functions.leastBusy(new FunctionKey(call.namespace(), call.functionId()));
        if (worker == null) {
            return false;
        }
        worker.deliver(new Delivery(new RoutedCall(call, null, 0, 0), SlotProgress.Mark.detached(), ended));
        return true;
    }

    /** A trigger may name a function of the engine's own, which no worker serves. */
    private void runOwn(Delivery delivery, FunctionKey function) {
        boolean runs = engine.get().runs(function);
        if (delivery.call().reply()) { // the keeper repeats it until it is answered
            OutcomeHandler told = outcome -> outcomes.send(delivery, outcome, "/gateways/" + gateway);
            if (runs) {
                engine.get().invoke(delivery.call(), told);
            } else {
                told.ended(FunctionNotFound.outcome(catalog, function, false));
            }
            return;
        }
        String topic = delivery.routed().topic();
        if (topic != null && runs) {
            events.watch().delivered(topic);
        } else if (topic != null) {
            events.watch().failed(topic);
        }
        if (runs) {
            engine.get().fire(delivery.call());
        } else if (reported.size() < MOST_REMEMBERED && reported.add(function)) {
            LOG.atWarn()
                    .addKeyValue("function", function.id())
                    .addKeyValue("namespace", function.namespace())
                    .log("A trigger names a function that nobody serves; it is not called, which is said once");
        }
        delivery.progress().done();
    }

    /**
     * Whether a delivery may wait here for a worker that does not read as fast as calls come; then {@link #letGo} must
     * follow. If its payload has no room beside those of others that wait, it is answered. Any thread.
     */
    public boolean hold(Delivery delivery) {
        Call call = delivery.call();
        if (!LargePayloads.counts(call) || held.take(call)) {
            return true;
        }
        refuse(
                delivery,
                "The worker of " + call.functionId() + " reads slower than calls come,"
                        + " and what waits on its gateway would take more than " + held.limit()
                        + " bytes (limits.in_flight_bytes); retry later, or send large data through a channel"
                        + " (engine::channels::create).");
        return false;
    }

    /** The delivery waits no more. Any thread. */
    public void letGo(Delivery delivery) {
        if (LargePayloads.counts(delivery.call())) {
            held.giveBack(delivery.call());
        }
    }

    /** Sends a delivery back because the worker that it was handed to did not get it. */
    public void giveBack(Delivery given) {
        outcomes.attempts().forget(given);
        Delivery delivery = spans.leave(given);
        if (delivery.here() != null) {
            String why = "The worker that was to run " + delivery.call().functionId() + " left before it got the call";
            outcomes.send(delivery, Outcome.failure(ErrorCode.ENGINE_UNAVAILABLE, why), "/gateways/" + gateway);
        } else if (delivery.routed().hops() < MOST_HOPS) {
            path.passOn(delivery, stranded(delivery));
        } else {
            stop(delivery);
        }
    }

    /** A call whose condition was still to be answered was with no worker yet: it is asked about again. */
    @Override
    public void stop(Delivery delivery) {
        if (delivery.routed().condition() != null && delivery.routed().hops() < MOST_HOPS && !isLate(delivery)) {
            path.passOn(delivery, stranded(delivery));
            return;
        }
        outcomes.stopped(delivery);
    }

    @Override
    public void fail(Delivery delivery) {
        try {
            outcomes.stopped(delivery);
        } catch (RuntimeException e) {
            LOG.atError().addKeyValue("function", delivery.call().functionId()).setCause(e).log("A call could not be answered");
            delivery.progress().done();
        }
    }

    /** Who waits for the call is told. */
    private OutcomeHandler stranded(Delivery delivery) {
        return outcome -> outcomes.send(delivery, outcome, "/gateways/" + gateway);
    }

    private boolean servedElsewhere(FunctionKey function) {
        for (Member member : catalog.members(function)) {
            if (!member.gateway().id().equals(gateway)) {
                return true;
            }
        }
        return false;
    }
}
