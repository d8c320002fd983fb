package io.iiikafka.topology.condition;

/** The text is not a condition; the message says where, for whoever wrote it. */
public final class InvalidConditionException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidConditionException(String message) {
        super(message, null, false, false);
    }
}
