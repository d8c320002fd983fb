package io.iiikafka.gateway.invocation;

import java.util.ArrayDeque;
import java.util.List;

/**
 * How far the deliveries of one slot have been dealt with. What is not answered yet holds the low-water mark, so that a
 * gateway that takes the slot over knows which calls may have been running.
 *
 * <p>One thread adds marks and reads the low-water mark; any thread may tick a mark off.
 */
public final class SlotProgress {

    /** One delivery in progress. */
    public static final class Mark {
        private final long offset;
        private volatile boolean done;

        private Mark(long offset) {
            this.offset = offset;
        }

        /** For a delivery that holds up no slot of this gateway. */
        static Mark detached() {
            return new Mark(-1);
        }

        long offset() {
            return offset;
        }

        boolean isDone() {
            return done;
        }

        /** Says that the delivery was answered, passed on, or needs no answer. */
        public void done() {
            done = true;
        }
    }

    /** Beyond this many, marks that are done are weeded out though an older one still runs. */
    private static final int WEED_AT = 50_000;

    private final SeenCalls seen;
    private final long uncertainUntil;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private int weedAt = WEED_AT;
    private long position;

    /** @param uncertainUntil what came before that offset may have run on a gateway that is gone; 0: nothing of it */
    SlotProgress(int sourcePartitions, long position, long uncertainUntil) {
        this.seen = new SeenCalls(sourcePartitions);
        this.position = position;
        this.uncertainUntil = uncertainUntil;
    }

    /** Whether the delivery may have run on a gateway that is gone. */
    boolean isUncertain(long offset) {
        return offset < uncertainUntil;
    }

    /** Up to which offset that holds for what is still to come; 0: for nothing of it. */
    long uncertainUntil() {
        return isUncertain(position) ? uncertainUntil : 0;
    }

    /** Whether this slot has already had a delivery of the call. */
    boolean isRepeated(int sourcePartition, long sourceOffset) {
        return !seen.add(sourcePartition, sourceOffset);
    }

    Mark begin(long offset) {
        Mark mark = new Mark(offset);
        marks.add(mark);
        position = offset + 1;
        if (marks.size() > weedAt) {
            marks.removeIf(each -> each.done);
            weedAt = Math.max(WEED_AT, 2 * marks.size());
        }
        return mark;
    }

    /** The offset of the oldest delivery that is not dealt with, or of the next one to come. */
    long lowWater() {
        while (!marks.isEmpty() && marks.peek().done) {
            marks.poll();
        }
        return marks.isEmpty() ? position : marks.peek().offset;
    }

    /** What is not dealt with yet, oldest first. */
    List<Mark> unfinished() {
        return marks.stream().filter(mark -> !mark.done).toList();
    }

    /** The offset of the next delivery to come. */
    long position() {
        return position;
    }

    boolean idle() {
        return lowWater() == position;
    }
}
