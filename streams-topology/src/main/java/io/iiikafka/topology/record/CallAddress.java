package io.iiikafka.topology.record;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs to know of a call, and no more: the router reads every call and looks into few.
 *
 * @param deadlineMs epoch milliseconds after which nobody waits
 * @param position the catalog offset that must be known before the call is routed
 * @param hops how often it was passed on
 * @param origin the gateway that made it; null when no gateway did
 * @param worker the connection that is to run it if it can; null: any
 */
public record CallAddress(
        String functionId,
        String namespace,
        long deadlineMs,
        long position,
        int hops,
        @Nullable String origin,
        @Nullable String worker) {

    /** Null when the record names no function. */
    public static @Nullable CallAddress of(Headers headers) {
        String functionId = null;
        String namespace = null;
        long deadlineMs = Long.MAX_VALUE;
        long position = 0;
        long hops = 0;
        Header origin = null;
        String worker = null;
        for (Header header : headers) {
            switch (header.key()) {
                case HeaderNames.CE_TYPE -> functionId = TextHeader.text(header);
                case HeaderNames.NAMESPACE -> namespace = TextHeader.text(header);
                case HeaderNames.DEADLINE -> deadlineMs = TextHeader.number(header, Long.MAX_VALUE);
                case HeaderNames.POSITION -> position = TextHeader.number(header, 0);
                case HeaderNames.HOPS -> hops = TextHeader.number(header, 0);
                case HeaderNames.ORIGIN -> origin = header;
                case HeaderNames.WORKER -> worker = TextHeader.text(header);
                default -> {} // for the callee, the caller or other applications
            }
        }
        if (functionId == null) {
            return null;
        }
        Origin asked = origin == null ? null : Origin.of(origin);
        return new CallAddress(
                functionId,
                namespace == null || namespace.isBlank() ? Call.DEFAULT_NAMESPACE : namespace,
                deadlineMs,
                position,
                (int) Math.min(hops, Integer.MAX_VALUE),
                asked == null || asked.isKeeper() ? null : asked.gateway(),
                worker);
    }
}
