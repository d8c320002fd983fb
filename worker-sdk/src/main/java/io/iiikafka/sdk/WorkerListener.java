package io.iiikafka.sdk;

import io.iiikafka.sdk.protocol.ErrorBody;

/** Told about the life of a worker, on virtual threads. All of it is also logged. */
public interface WorkerListener {

    /** Connected, with all registrations sent. */
    default void connected(String workerId) {}

    /** The connection is gone; unless the worker is closed, it comes back by itself. */
    default void disconnected(String reason) {}

    /** The engine did not take something that this worker registered. */
    default void rejected(Rejection rejection) {}

    /**
     * @param kind what was refused
     * @param id its id
     * @param error why
     */
    record Rejection(Kind kind, String id, ErrorBody error) {}

    /** What can be refused. A refused worker is closed. */
    enum Kind {
        FUNCTION,
        TRIGGER,
        WORKER
    }
}
