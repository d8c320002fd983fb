package io.iiikafka.sdk.change;

/**
 * Told of what happened, as the engine tells it: one event after another, on a virtual thread. It may block, which
 * delays the next event. What it throws changes nothing.
 */
@FunctionalInterface
public interface EventHandler<E> {

    void handle(E event) throws Exception;
}
