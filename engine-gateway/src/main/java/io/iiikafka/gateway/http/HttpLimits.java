package io.iiikafka.gateway.http;

import java.time.Duration;

/**
 * Bounds beside those of the configuration block.
 *
 * @param parsedBodyBytes a JSON body up to this size is given to the handler as a value; a larger one is only streamed,
 *     and {@code body} is null. Small enough that the call fits into a record.
 * @param bodyMemoryBytes what the large JSON bodies of all requests at work may take together, about; further ones are
 *     read when others are done with
 * @param slotWait how long a request may wait for others to finish before it is answered 503
 * @param drain how long requests at work may go on when their listener closes
 */
public record HttpLimits(
        int parsedBodyBytes, long bodyMemoryBytes, Duration slotWait, Duration drain) {

    /** On its way through the engine a body is in memory several times. */
    private static final int SHARE_OF_MEMORY = 8;

    /** The usual ones where calls may carry payloads of that size. */
    public static HttpLimits of(int maxPayloadBytes) {
        return new HttpLimits(
                maxPayloadBytes,
                Runtime.getRuntime().maxMemory() / SHARE_OF_MEMORY,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
    }
}
