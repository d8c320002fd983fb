package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.queue.ShareGroup;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a queue's definition that are about its topic: {@code share_group} (default false), and with it {@code
 * function_id}, {@code partitions} (default 1) and {@code retention_ms} (default 7 days).
 */
final class ShareMembers {

    /** All gateways share one partition; of several, each reads some, and jobs may wait for a gateway that is busy. */
    private static final int PARTITIONS = 1;

    private static final long RETENTION_MS = Duration.ofDays(7).toMillis();
    private static final List<String> KEYS = List.of("function_id", "partitions", "retention_ms");
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private ShareMembers() {}

    /** Null: the queue has no topic. */
    static @Nullable ShareGroup read(QueueSource source, String queue, QueueMembers members, QueueSettings settings) {
        int partitions = (int) members.whole("partitions", 1, 1_000, PARTITIONS);
        long retentionMs = members.whole("retention_ms", 60_000, Long.MAX_VALUE, RETENTION_MS);
        String function = members.field("function_id");
        if (!members.flag("share_group")) {
            for (String key : KEYS) {
                if (members.has(key)) {
                    throw refused(source, queue, "'" + key + "' is only for a queue with 'share_group'");
                }
            }
            return null;
        }
        if (settings.fifo()) {
            throw refused(source, queue, "'share_group' keeps no order; it must be of type 'standard', or do without");
        }
        if (settings.rateLimit() != null) {
            throw refused(source, queue, "'share_group' knows no rates; leave it or 'rate_limit' out");
        }
        if (settings.resultRetentionMs() > 0) {
            throw refused(source, queue, "'share_group' keeps no results; leave it or 'result_retention_ms' out");
        }
        if (settings.concurrency() == 1) {
            throw refused(source, queue, "'share_group' needs a 'concurrency' of at least 2: one is for jobs that are repeated");
        }
        if (!TOPIC.matcher(queue).matches()) {
            throw refused(source, queue, "'share_group' needs a name of letters, digits, '.', '_' and '-' only: the topic has it");
        }
        return new ShareGroup(partitions, retentionMs, function);
    }

    private static InvalidQueueException refused(QueueSource source, String queue, String why) {
        return new InvalidQueueException(source.conflict(queue, why));
    }
}
