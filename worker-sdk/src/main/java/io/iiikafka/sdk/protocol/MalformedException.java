package io.iiikafka.sdk.protocol;

/** What {@link JsonCursor} and {@link Members} found wrong; {@link FrameReader} turns it into the public exception. */
final class MalformedException extends Exception {

    MalformedException(String message) {
        super(message, null, false, false);
    }
}
