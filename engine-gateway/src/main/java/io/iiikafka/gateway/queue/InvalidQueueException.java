package io.iiikafka.gateway.queue;

/** What is said of a queue does not hold together; the message names queue, key and remedy. */
public final class InvalidQueueException extends RuntimeException {

    public InvalidQueueException(String message) {
        super(message, null, false, false);
    }
}
