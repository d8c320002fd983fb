package io.iiikafka.gateway.provided;

import java.time.Duration;

/**
 * How patient the engine is with workers that keep streams.
 *
 * @param timeout for the answer to one call
 * @param grace for the return of a worker that was disconnected
 */
public record ProvidedSettings(Duration timeout, Duration grace) {

    public static final ProvidedSettings DEFAULT = new ProvidedSettings(Duration.ofSeconds(30), Duration.ofSeconds(30));
}
