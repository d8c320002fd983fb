package io.iiikafka.gateway.invocation;

/** A worker connection of this gateway, as far as handing it calls goes. All methods may be called from any thread. */
public interface LocalWorker {

    /** The connection's id. */
    String id();

    /** Calls that it was handed and has not answered. */
    int inFlight();

    /** Whether it may be handed another call now. */
    boolean hasCapacity();

    /** Hands it a call; it answers the delivery, also when its connection ends before. */
    void deliver(Delivery delivery);
}
