package io.iiikafka.gateway.kafka;

/** A key or a value is not what its format says; the message is the end of a sentence about it. */
final class UnreadableException extends Exception {

    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
        super(message, null, false, false);
    }
}
