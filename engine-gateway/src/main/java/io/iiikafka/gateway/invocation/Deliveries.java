package io.iiikafka.gateway.invocation;

/** What a gateway does with the calls that it is handed; the slot reader's view of the rest of the gateway. */
public interface Deliveries {

    /**
     * Runs the call on a local worker, passes it on, or answers it; in any case ticks it off in the end. Called on the
     * slot reader's thread, which it must not block.
     */
    void accept(Delivery delivery);

    /** Answers {@code invocation_stopped}: a gateway that is gone may have run the call. */
    void stop(Delivery delivery);

    /** Answers a call with which something went wrong here; never throws. */
    void fail(Delivery delivery);
}
