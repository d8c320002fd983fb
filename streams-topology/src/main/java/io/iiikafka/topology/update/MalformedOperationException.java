package io.iiikafka.topology.update;

/** The operations cannot be read: nothing of the update is done. The message is for the caller. */
public final class MalformedOperationException extends Exception {

    private static final long serialVersionUID = 1;

    MalformedOperationException(String message) {
        super(message, null, false, false);
    }
}
