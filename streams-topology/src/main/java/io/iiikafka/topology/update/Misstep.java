package io.iiikafka.topology.update;

/** An operation does not apply to the value it finds; the others go on. */
final class Misstep extends Exception {

    private static final long serialVersionUID = 1;

    private final String code;

    Misstep(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    UpdateError at(int operation) {
        return new UpdateError(operation, code, String.valueOf(getMessage()));
    }
}
