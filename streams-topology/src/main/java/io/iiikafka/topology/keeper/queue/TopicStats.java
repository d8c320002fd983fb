package io.iiikafka.topology.keeper.queue;

import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.keeper.job.Operations;
import io.iiikafka.topology.queue.PayloadField;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Outcome;

/** {@code engine::queue::topic_stats} (spec: queue.md 4.6). */
final class TopicStats extends QueueFunction {

    private static final Set<String> TYPES = Set.of("durable:subscriber", "queue", "event");

    TopicStats() {
        super(
                "engine::queue::topic_stats",
                "Count the jobs of a queue or topic",
                QueueSchemas.TOPIC,
                QueueSchemas.STATS);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        String given = topic(input);
        DeadLetters.Place place = QueueName.place(given, work);
        long depth = 0;
        long delayed = 0;
        long delivered = 0;
        long failed = 0;
        List<String> keys = QueueName.keys(place, work);
        for (String key : keys) {
            Operations.Counts counts = work.operations().counts(key);
            depth += counts.depth();
            delayed += counts.delayed();
            delivered += counts.delivered();
            failed += counts.failed();
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("depth", depth)
                .member("consumer_count", consumers(place, work))
                .member("dlq_depth", work.jobs().deadLetters().count(place))
                .member("config", RawJson.NULL)
                .member("delivered", delivered)
                .member("failed", failed)
                .member("delayed", delayed)
                .build());
    }

    /** {@code topic}, or its alias {@code queue}. */
    static String topic(Input input) {
        if (input.optionalText("topic") == null && input.optionalText("queue") == null) {
            input.text("topic"); // is refused
        }
        return required(input, ErrorCode.TOPIC_REQUIRED, "topic is required");
    }

    private static long consumers(DeadLetters.Place place, QueueWork work) {
        if (!place.topic()) {
            QueueSettings settings = work.agreements().find(EntryKey.queue(place.name()));
            return settings == null ? 0 : settings.concurrency();
        }
        return work.catalog()
                .live(CatalogEntry.Trigger.class)
                .map(each -> each.entry())
                .filter(each -> TYPES.contains(each.type()) && place.name().equals(named(each.config())))
                .count();
    }

    private static String named(RawJson config) {
        RawJson topic = PayloadField.find(config, "topic");
        RawJson named = topic == null ? PayloadField.find(config, "queue") : topic;
        String text = named == null ? null : named.text();
        return text == null ? "" : text;
    }
}
