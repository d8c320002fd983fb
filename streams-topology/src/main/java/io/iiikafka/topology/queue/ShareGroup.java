package io.iiikafka.topology.queue;

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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ShareGroup(int partitions, long retentionMs, @Nullable String functionId, boolean paused) {

    public ShareGroup paused(boolean now) {
        return new ShareGroup(partitions, retentionMs, functionId, now);
    }
}
