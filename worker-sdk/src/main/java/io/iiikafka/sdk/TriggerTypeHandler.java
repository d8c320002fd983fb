package io.iiikafka.sdk;

/** Keeps the bindings of a trigger type. Called by one virtual thread at a time, in the engine's order. */
public interface TriggerTypeHandler {

    /**
     * A binding is there. May come again for one that is known, after a reconnect: then it replaces it.
     *
     * @throws Exception to refuse the binding; whoever made it is told the message (and the code, if it is an
     *     {@link InvocationException})
     */
    void register(TriggerBinding binding) throws Exception;

    /** A binding is gone. */
    void unregister(TriggerBinding binding) throws Exception;
}
