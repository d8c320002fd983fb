package io.iiikafka.sdk.stream;

/**
 * An event that a consumer was handed, to be committed or given back (spec: stream.md 13.4).
 *
 * @param id of this delivery
 * @param attempt how often the event was handed out, this time included
 */
public record Delivery<T>(String id, int attempt, Logged<T> logged) {

    public StreamEvent<T> event() {
        return logged.event();
    }
}
