package io.iiikafka.gateway.queue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.topology.queue.QueueSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads the definition of one named queue, an entry of {@code queue_configs} or the {@code config} of {@code
 * queue::define} (spec: queue.md 4.9, 8.1, 12):
 * {@code {"type":"fifo","message_group_field":"session_id","concurrency":2,"max_retries":3,"backoff_ms":1000}}.
 * Unknown keys are refused.
 */
public final class QueueDefinition {

    private static final List<String> KEYS = List.of(
            "type",
            "message_group_field",
            "max_retries",
            "concurrency",
            "timeout_ms",
            "backoff_ms",
            "poll_interval_ms",
            "redeliver_on_engine_restart",
            "max_priority",
            "priority_field",
            "max_attempts",
            "backoff_type",
            "max_backoff_ms",
            "jitter",
            "hold_max_ms",
            "max_worker_losses",
            "non_retryable_codes",
            "delay_ms",
            "delay_field",
            "dedup_field",
            "rate_limit",
            "deliver_info",
            "heartbeat",
            "result_retention_ms",
            "dlq_retention_ms",
            "group_concurrency",
            "concurrency_scope",
            "paused",
            "share_group",
            "function_id",
            "partitions",
            "retention_ms");
    private static final long LONGEST_MS = QueueSettings.LONGEST_MS;

    private static final Set<String> RATE_LIMIT_KEYS = Set.of("max", "per_ms", "key_field");

    private QueueDefinition() {}

    /** The keys that may stand there. */
    public static Set<String> keys() {
        return new LinkedHashSet<>(KEYS);
    }

    /**
     * @param config an object
     * @throws InvalidQueueException when something does not fit
     */
    public static QueueSettings read(QueueSource source, String queue, JsonNode config) {
        requireKnown(source, queue, config);
        QueueSettings defaults = QueueSettings.DEFAULT;
        QueueMembers members = new QueueMembers(source, queue, config);
        boolean fifo = isFifo(source, queue, members);
        String groupField = members.field("message_group_field");
        if (fifo && groupField == null) {
            throw new InvalidQueueException(source.noGroupField(queue));
        }
        members.whole("poll_interval_ms", 1, Long.MAX_VALUE, 1);
        members.flag("redeliver_on_engine_restart");
        members.flag("heartbeat");
        members.whole("max_priority", 1, 255, 1);
        requireWhatTheKeeperDoes(source, queue, config);
        int concurrency = (int) members.whole("concurrency", 1, Integer.MAX_VALUE, defaults.concurrency());
        int attempts = source.attempts(members.whole("max_retries", 0, Integer.MAX_VALUE - 1, defaults.maxAttempts()));
        QueueSettings.RateLimit rateLimit = rateLimit(source, queue, members);
        QueueSettings settings = new QueueSettings(
                fifo,
                groupField,
                members.flag("paused") ? 0 : concurrency,
                (int) members.whole("max_attempts", 1, Integer.MAX_VALUE, attempts),
                members.whole("backoff_ms", 0, LONGEST_MS, defaults.backoffMs()),
                members.oneOf("backoff_type", List.of("exponential", "fixed")).equals("exponential"),
                members.whole("max_backoff_ms", 0, LONGEST_MS, defaults.maxBackoffMs()),
                members.share("jitter"),
                members.whole("timeout_ms", 1, LONGEST_MS, defaults.timeoutMs()),
                members.whole("delay_ms", 0, LONGEST_MS, 0),
                members.whole("hold_max_ms", 0, LONGEST_MS, 0),
                (int) members.whole("max_worker_losses", 0, Integer.MAX_VALUE, defaults.maxWorkerLosses()),
                codes(members),
                members.field("priority_field"),
                members.field("delay_field"),
                members.field("dedup_field"),
                rateLimit,
                members.flag("deliver_info"),
                members.whole("result_retention_ms", 0, LONGEST_MS, 0));
        return settings
                .with(ShareMembers.read(source, queue, members, settings))
                .withDlqRetention(members.whole("dlq_retention_ms", 0, LONGEST_MS, 0));
    }

    /** Whoever asks for something else would wait for it in vain. */
    private static void requireWhatTheKeeperDoes(QueueSource source, String queue, JsonNode config) {
        JsonNode ofGroup = config.path("group_concurrency");
        if (!ofGroup.isMissingNode() && !ofGroup.isNull() && !ofGroup.asText().equals("1")) {
            throw new InvalidQueueException(source.wrongKind(
                    queue, "group_concurrency", ofGroup.toString(), "1: jobs of a group run one at a time"));
        }
        JsonNode scope = config.path("concurrency_scope");
        if (!scope.isMissingNode() && !scope.isNull() && !scope.asText().equals("cluster")) {
            throw new InvalidQueueException(source.wrongKind(
                    queue,
                    "concurrency_scope",
                    scope.toString(),
                    "'cluster': `concurrency` counts in the whole cluster, multiply it instead"));
        }
    }

    private static void requireKnown(QueueSource source, String queue, JsonNode config) {
        Set<String> known = keys();
        for (String key : (Iterable<String>) config::fieldNames) {
            if (!known.contains(key)) {
                throw new InvalidQueueException(source.unknownKey(queue, "unknown key '" + key + "'"));
            }
        }
    }

    private static boolean isFifo(QueueSource source, String queue, QueueMembers members) {
        String type = members.text("type");
        if (type != null && !type.equals("standard") && !type.equals("fifo")) {
            throw new InvalidQueueException(source.wrongType(queue, type));
        }
        return "fifo".equals(type);
    }

    /** The code that handlers can always use, and those of this queue. */
    private static List<String> codes(QueueMembers members) {
        List<String> codes = new ArrayList<>(QueueSettings.DEFAULT.nonRetryableCodes());
        members.texts("non_retryable_codes", List.of()).stream()
                .filter(code -> !codes.contains(code))
                .forEach(codes::add);
        return List.copyOf(codes);
    }

    private static QueueSettings.@Nullable RateLimit rateLimit(
            QueueSource source, String queue, QueueMembers members) {
        JsonNode limit = members.object("rate_limit");
        if (limit == null) {
            return null;
        }
        for (String key : (Iterable<String>) limit::fieldNames) {
            if (!RATE_LIMIT_KEYS.contains(key)) {
                throw new InvalidQueueException(source.unknownKey(queue, "unknown key 'rate_limit." + key + "'"));
            }
        }
        QueueMembers inner = new QueueMembers(source, queue, limit);
        if (!inner.has("max") || !inner.has("per_ms")) {
            throw members.wrong("rate_limit", limit, "{max, per_ms, key_field?}");
        }
        return new QueueSettings.RateLimit(
                (int) inner.whole("max", 1, Integer.MAX_VALUE, 1),
                inner.whole("per_ms", 1, LONGEST_MS, 1),
                inner.field("key_field"));
    }
}
