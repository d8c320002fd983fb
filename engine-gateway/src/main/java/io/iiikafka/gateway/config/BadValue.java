package io.iiikafka.gateway.config;

/** A value is not what its setting expects; the message does not say where it stands. */
final class BadValue extends RuntimeException {

    private static final long serialVersionUID = 1;

    BadValue(String message) {
        super(message, null, false, false);
    }
}
