package io.iiikafka.gateway.invocation;

import java.util.Arrays;

/**
 * The calls that a slot has lately had deliveries of, by partition and offset of {@code invocations}: a router that took over
 * from another one, or one that does not know yet that it lost its partitions, may make a delivery once more.
 *
 * <p>Their offsets rise, as long as one router makes them. One that was killed may have written the delivery of a later call,
 * and to another slot not that of an earlier one; its successor makes up for that, perhaps in this slot.
 */
final class SeenCalls {

    /** More than a router hands over between two of its commits, of one partition. */
    private static final int MOST = 8_192;

    private final Recent[] partitions;

    SeenCalls(int sourcePartitions) {
        partitions = new Recent[sourcePartitions];
        Arrays.setAll(partitions, each -> new Recent());
    }

    /** Notes the call; false when it had been noted, or is so old that it may have been. */
    boolean add(int partition, long offset) {
        return partition < 0 || partition >= partitions.length || partitions[partition].add(offset);
    }

    /** The offsets that were noted last, in that order. */
    private static final class Recent {

        private long[] ring = new long[16];
        private int count;
        private int next;
        private long highest = -1;

        boolean add(long offset) {
            if (offset <= highest && isKnown(offset)) {
                return false;
            }
            highest = Math.max(highest, offset);
            if (count == ring.length && count < MOST) {
                ring = Arrays.copyOf(ring, 2 * count);
                next = count;
            }
            ring[next] = offset;
            next = (next + 1) % ring.length;
            count = Math.min(count + 1, ring.length);
            return true;
        }

        private boolean isKnown(long offset) {
            if (count == MOST && offset < ring[next]) {
                return true; // what was noted then is forgotten
            }
            for (int i = 0; i < count; i++) {
                if (ring[i] == offset) {
                    return true;
                }
            }
            return false;
        }
    }
}
