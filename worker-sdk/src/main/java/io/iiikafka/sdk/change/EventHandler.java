package io.iiikafka.sdk.change;

/**
 * Told of what happened, on a virtual thread for each event: it may block, and may hear of the next event before it is
 * done with this one. What it throws changes nothing.
 */
@FunctionalInterface
public interface EventHandler<E> {

    void handle(E event) throws Exception;
}
