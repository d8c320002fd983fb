package io.iiikafka.topology.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a call, and the identity by which receivers drop duplicates: a gateway never uses a number twice.
 *
 * @param gateway the gateway that asked; {@code keeper} when it was the keeper, {@code keeper+result} when it is to get results,
 *     too, not only that there is one
 * @param slot the partition of {@code results} that it reads
 * @param number the gateway's number for the call
 */
public record Origin(String gateway, int slot, long number) {

    private static final String KEEPER = "keeper";
    private static final String KEEPER_RESULT = "keeper+result";

    /** The keeper waits: for the outcome of that job's attempt, on that partition of {@code commands}. */
    public static Origin keeper(int partition, long job) {
        return new Origin(KEEPER, partition, job);
    }

    /** As {@link #keeper}, which wants to know what the function returns as well. */
    public static Origin keeperForResult(int partition, long job) {
        return new Origin(KEEPER_RESULT, partition, job);
    }

    public boolean isKeeper() {
        return gateway.equals(KEEPER) || wantsResult();
    }

    /** Whether the keeper is to get what the function returns. */
    public boolean wantsResult() {
        return gateway.equals(KEEPER_RESULT);
    }

    /** {@code <gateway>/<slot>/<number>}: one header for all three, since each header costs every reader of the record. */
    Header header() {
        return new RecordHeader(HeaderNames.ORIGIN, (gateway + '/' + slot + '/' + number).getBytes(UTF_8));
    }

    /** Null when no gateway wrote the header. */
    static @Nullable Origin of(Header header) {
        byte @Nullable [] text = header.value();
        if (text == null) {
            return null;
        }
        int last = slashBefore(text, text.length);
        int first = slashBefore(text, last);
        if (first <= 0) {
            return null;
        }
        long slot = TextHeader.number(text, first + 1, last, -1);
        long number = TextHeader.number(text, last + 1, text.length, -1);
        if (slot < 0 || slot > Integer.MAX_VALUE || number < 0) {
            return null;
        }
        return new Origin(new String(text, 0, first, UTF_8), (int) slot, number);
    }

    private static int slashBefore(byte[] text, int end) {
        int at = end - 1;
        while (at >= 0 && text[at] != '/') {
            at--;
        }
        return at;
    }
}
