package io.iiikafka.sdk;

/** Something that this worker registered. */
public interface Registration {

    /** The id of the function, the trigger or the trigger type. */
    String id();

    /** Takes it back; calls in flight go on. Harmless when done twice or after the worker was closed. */
    void unregister();
}
