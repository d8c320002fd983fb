package io.iiikafka.topology.keeper.trigger;

/** The config of a trigger is not one; the message is for the registrant. */
public final class InvalidTriggerException extends Exception {

    private static final long serialVersionUID = 1;

    public InvalidTriggerException(String message) {
        super(message, null, false, false);
    }
}
