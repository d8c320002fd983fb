package io.iiikafka.topology.record;

import java.util.List;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What the keeper tells a gateway unasked, as records of {@code results}: the key is the stream and the group, the
 * partition one of the gateway's slots, the value the frame as subscribers get it, {@code ce_type} {@link
 * HeaderNames#FRAME}. The number in {@code iii_origin} is {@link #NUMBER}, which no call has.
 */
public final class PushCodec {

    /** In place of the number of a call. */
    public static final long NUMBER = 0;

    private static final Header SPEC_VERSION = TextHeader.of(HeaderNames.CE_SPECVERSION, "1.0");
    private static final Header TYPE = TextHeader.of(HeaderNames.CE_TYPE, HeaderNames.FRAME);
    private static final Header SOURCE = TextHeader.of(HeaderNames.CE_SOURCE, "/keeper");
    private static final Header JSON = TextHeader.of(HeaderNames.CONTENT_TYPE, "application/json");

    private PushCodec() {}

    /**
     * @param eventId of the event in the frame, the same each time that it is written
     * @param offset of the event in the log of its group, or of the last one before it when it is not logged
     * @param logged whether the event has that offset itself
     */
    public static List<Header> headers(String gateway, int slot, String eventId, long offset, boolean logged) {
        return List.of(
                SPEC_VERSION,
                TextHeader.of(HeaderNames.CE_ID, eventId),
                SOURCE,
                TYPE,
                JSON,
                new Origin(gateway, slot, NUMBER).header(),
                TextHeader.of(HeaderNames.OFFSET, logged ? Long.toString(offset) : "after " + offset));
    }

    /** Where the event stands in the log of its group. */
    public record Position(long offset, boolean logged) {}

    /** Null when the record is no frame. */
    public static @Nullable Position position(Headers headers) {
        Header header = headers.lastHeader(HeaderNames.OFFSET);
        String text = header == null ? null : TextHeader.text(header);
        if (text == null) {
            return null;
        }
        boolean logged = !text.startsWith("after ");
        try {
            return new Position(Long.parseLong(logged ? text : text.substring("after ".length())), logged);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
