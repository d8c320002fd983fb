package io.iiikafka.topology.queue;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A standard queue whose jobs are records of a topic of its own, which gateways read as a share group (spec: queue.md 13.2);
 * the keeper has only what does not succeed at once.
 *
 * @param partitions of the topic, when it is made
 * @param retentionMs how long a record stays in the topic, done or not
 * @param functionId of records that do not name a function; null: those are dead letters
 * @param paused whether gateways leave the records where they are
 * @param purged which records were taken away last; null: none ever
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ShareGroup(
        int partitions, long retentionMs, @Nullable String functionId, boolean paused, @Nullable Purged purged) {

    /**
     * Records that are not to be run though somebody may have read them.
     *
     * @param atMs when that was said, in epoch milliseconds
     * @param ends by partition, the offset after the last one
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Purged(long atMs, Map<Integer, Long> ends) {

        /** Records of a topic that was made anew are later than that, whatever the clocks say. */
        private static final long CLOCK_SKEW_MS = 60_000;

        public boolean covers(int partition, long offset, long timestampMs) {
            return offset < ends.getOrDefault(partition, 0L) && timestampMs < atMs + CLOCK_SKEW_MS;
        }
    }

    /** What is the same when nothing was done to the queue yet. */
    public ShareGroup(int partitions, long retentionMs, @Nullable String functionId) {
        this(partitions, retentionMs, functionId, false, null);
    }

    public ShareGroup paused(boolean now) {
        return new ShareGroup(partitions, retentionMs, functionId, now, purged);
    }

    public ShareGroup purged(Purged now) {
        return new ShareGroup(partitions, retentionMs, functionId, paused, now);
    }

    /** These settings, with what was done to the queue. */
    public ShareGroup after(ShareGroup before) {
        return new ShareGroup(partitions, retentionMs, functionId, before.paused, before.purged);
    }
}
