package io.iiikafka.gateway.http;

import java.time.Duration;

/**
 * Bounds beside those of the configuration block.
 *
 * @param parsedBodyBytes a JSON body up to this size is given to the handler as a value; a larger one is only streamed,
 *     and {@code body} is null. Small enough that the call fits into a record.
 * @param rawBodyBytes a JSON or text body up to this size is also given as the text {@code rawBody}; 0: never
 * @param slotWait how long a request may wait for others to finish before it is answered 503
 * @param drain how long requests at work may go on when their listener closes
 */
public record HttpLimits(int parsedBodyBytes, int rawBodyBytes, Duration slotWait, Duration drain) {

    public static final HttpLimits DEFAULT =
            new HttpLimits(16 * 1024 * 1024, 0, Duration.ofSeconds(60), Duration.ofSeconds(10));
}
