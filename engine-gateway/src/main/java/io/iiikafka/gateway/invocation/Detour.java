package io.iiikafka.gateway.invocation;

import io.iiikafka.topology.record.Call;

/** Takes some calls of one of the keeper's functions elsewhere. Must not block; any thread. */
@FunctionalInterface
public interface Detour {

    /**
     * Whether it takes the call; then it answers it, by the handler, once.
     *
     * @param handler of a call for which nobody waits one that does nothing
     */
    boolean takes(Call call, OutcomeHandler handler);
}
