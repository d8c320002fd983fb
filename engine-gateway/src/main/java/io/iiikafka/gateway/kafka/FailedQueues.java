package io.iiikafka.gateway.kafka;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.gateway.catalog.CatalogWriter;
import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.catalog.Stored;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;

/**
 * The queues of what failed, one for each group: in the catalog as long as a trigger has the group or anything is left in it.
 * Each gateway does the same.
 */
final class FailedQueues {

    /** How names begin. */
    static final String PREFIX = "kafka:";

    /** When something is left in a queue, it is looked at again after so many rounds. */
    private static final int PATIENCE_ROUNDS = 20;

    private static final long ANSWER_MS = 10_000;
    private static final String STATS = "engine::queue::topic_stats";

    private final Catalog catalog;
    private final CatalogWriter writer;
    private final EngineInvoker invoker;

    /** Queues without a trigger, and the rounds until they are looked at; of one thread. */
    private final Map<String, Integer> unused = new HashMap<>();

    FailedQueues(Catalog catalog, CatalogWriter writer, EngineInvoker invoker) {
        this.catalog = catalog;
        this.writer = writer;
        this.invoker = invoker;
    }

    /** Has the queue of the subscription stand in the catalog. */
    void define(Subscription subscription) {
        KafkaTriggerConfig config = subscription.config();
        QueueSettings usual = QueueSettings.DEFAULT;
        QueueSettings settings = new QueueSettings(
                false,
                null,
                usual.concurrency(),
                config.maxRetries() + 1,
                config.backoffMs(),
                true,
                usual.maxBackoffMs(),
                0,
                config.timeoutMs(),
                0,
                0,
                usual.maxWorkerLosses(),
                List.of("non_retryable", ErrorCode.UNREADABLE_RECORD.code()),
                null,
                null,
                null,
                null,
                false,
                0);
        CatalogEntry.Queue queue = new CatalogEntry.Queue(subscription.queue(), false, settings);
        Stored<CatalogEntry> present = catalog.entry(queue.key());
        if (present == null || !present.entry().equals(queue)) {
            writer.put(queue);
        }
    }

    /** Puts back what is missing, and removes what nobody has needed since the last round and is empty. */
    void round(Collection<Subscription> live) {
        live.stream().filter(each -> catalog.entry(entry(each.queue())) == null).forEach(this::define);
        Set<String> used = live.stream().map(Subscription::queue).collect(Collectors.toSet());
        Set<String> idle = catalog.live(CatalogEntry.Queue.class)
                .map(each -> each.entry())
                .filter(each -> !each.configured() && each.name().startsWith(PREFIX))
                .map(CatalogEntry.Queue::name)
                .filter(each -> !used.contains(each))
                .collect(Collectors.toSet());
        unused.keySet().retainAll(idle);
        for (String queue : idle) {
            int rounds = unused.merge(queue, 1, (left, one) -> left - one);
            if (rounds <= 0) {
                unused.put(queue, PATIENCE_ROUNDS);
                removeIfEmpty(queue);
            }
        }
    }

    private void removeIfEmpty(String queue) {
        Call call = new Call(
                UUID.randomUUID().toString(),
                STATS,
                Call.DEFAULT_NAMESPACE,
                JsonBuilder.object().member("topic", queue).build(),
                null,
                true,
                null,
                null,
                null,
                System.currentTimeMillis() + ANSWER_MS);
        invoker.invoke(call, outcome -> {
            if (outcome instanceof Outcome.Success success && success.value() != null && isEmpty(success.value().toTree())) {
                writer.remove(entry(queue));
            }
        });
    }

    private static boolean isEmpty(JsonNode stats) {
        return Stream.of("depth", "delayed", "dlq_depth").allMatch(each -> stats.path(each).asLong(1) == 0);
    }

    private static String entry(String queue) {
        return EntryKey.queue(queue);
    }
}
