package io.iiikafka.topology.cron;

/** An expression that cannot be read; the message names the field and the value. */
public final class InvalidCronException extends Exception {

    private static final long serialVersionUID = 1;

    InvalidCronException(String message) {
        super(message, null, false, false);
    }
}
