package io.iiikafka.topology.keeper.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.UUID;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.CatalogEntry;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Terms;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code iii::durable::publish} and its older names: keeps a copy of the message for each subscription to the topic, all
 * of them or none (spec: queue.md 4.1, 6.1).
 */
final class Publish extends QueueFunction {

    /** The lane of a subscription that takes one message at a time. */
    private static final String ONE = "";

    Publish(String id) {
        super(id, "Publish a message to a durable topic", QueueSchemas.PUBLISH, null);
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        if (input.optionalText("topic") == null && input.optionalText("queue") == null) {
            input.text("topic"); // is refused
        }
        String topic = input.optionalText("topic") == null ? input.text("queue") : input.text("topic");
        if (topic.isEmpty()) {
            throw new Refusal(ErrorCode.TOPIC_NOT_SET, "Topic is not set");
        }
        RawJson data = input.require("data");
        String key = input.optionalText("key");
        for (CatalogEntry.Subscription each : work.backlogs().receiving(topic, work.nowMs())) {
            keep(each, data, key, input, work);
        }
        return Outcome.NO_VALUE;
    }

    private static void keep(
            CatalogEntry.Subscription subscription, RawJson data, @Nullable String key, Input input, QueueWork work) {
        Call cause = work.command().call();
        String agreement = subscription.key();
        Options options = Options.of(input, subscription.settings(), data, work.nowMs());
        String group = key == null ? options.group() : key;
        Terms terms = new Terms.Agreed(
                agreement,
                subscription.settings().fifo() ? ONE : group,
                options.priority(),
                options.notBeforeMs(),
                options.expiresMs(),
                options.overrides());
        String receipt = work.command().call().invocationId() + '/' + work.command().position() + '/' + agreement;
        Call call = new Call(
                UUID.nameUUIDFromBytes(receipt.getBytes(UTF_8)).toString(),
                subscription.functionId(),
                subscription.namespace(),
                data,
                subscription.metadata(),
                false,
                null,
                cause.traceparent(),
                cause.baggage(),
                0);
        work.jobs().epoch(agreement, subscription.epoch());
        work.jobs().take(call, subscription.condition(), terms, options.dedup(), work.nowMs());
    }
}
