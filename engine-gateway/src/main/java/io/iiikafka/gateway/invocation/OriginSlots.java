package io.iiikafka.gateway.invocation;

/** The slot on which this gateway receives the results of calls made now. */
@FunctionalInterface
public interface OriginSlots {

    /** A partition of {@code results} that is being read, or -1 when there is none yet. */
    int current();
}
