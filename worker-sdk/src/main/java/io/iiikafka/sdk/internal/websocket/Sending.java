package io.iiikafka.sdk.internal.websocket;

/** What became of a message that somebody wanted to send. */
public enum Sending {
    /** It will be written, unless the connection ends first. */
    ACCEPTED,
    /** Too much waited to be written for too long. */
    FULL,
    /** Nothing is sent any more. */
    OVER
}
