package io.iiikafka.topology.keeper.queue;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.Agreements;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;

/**
 * Jobs and messages that leave with the transaction of another feature (spec: queue.md 12.6): {@code
 * {"op":"enqueue","queue","function_id","data","options"?,"metadata"?,"namespace"?}} or {@code
 * {"op":"publish","topic","data",…}}, with what else {@code iii::durable::publish} takes.
 */
public final class Outbox {

    private static final String ENQUEUE = "enqueue";
    private static final String PUBLISH = "publish";
    private static final Set<String> ENQUEUE_MEMBERS =
            Set.of("op", "queue", "function_id", "data", "options", "metadata", "namespace");

    private final Agreements agreements;

    public Outbox(Catalog catalog) {
        this.agreements = new Agreements(catalog);
    }

    /**
     * One of them.
     *
     * @param input what was asked
     * @param result for who asked: {@code {"queue","messageReceiptId"}} or {@code {"topic"}}
     */
    public record Sent(Input input, Later later, RawJson result) {}

    /** Whether an operation is one for here. */
    public static boolean takes(String op) {
        return op.equals(ENQUEUE) || op.equals(PUBLISH);
    }

    /**
     * Reads one.
     *
     * @param place within the command
     * @throws Refusal when something is missing or not what it should be
     */
    public static Sent read(Input write, Command command, int place) {
        String id = UUID.nameUUIDFromBytes(
                        (command.call().invocationId() + '/' + command.position() + '/' + place).getBytes(UTF_8))
                .toString();
        return write.text("op").equals(ENQUEUE) ? enqueue(write, command, id) : publish(write, command, id);
    }

    private static Sent enqueue(Input write, Command command, String receipt) {
        write.only(ENQUEUE_MEMBERS);
        String queue = write.text("queue");
        String function = write.text("function_id");
        if (queue.isEmpty() || function.isEmpty()) {
            throw new Refusal(ErrorCode.ENQUEUE_ERROR, (queue.isEmpty() ? "queue" : "function_id") + " is required");
        }
        JsonBuilder data = JsonBuilder.object()
                .member("queue", queue)
                .member("function_id", function)
                .member("data", write.require("data"))
                .member("messageReceiptId", receipt)
                .member("traceparent", command.call().traceparent())
                .member("baggage", command.call().baggage());
        for (String name : List.of("namespace", "metadata", "options")) {
            if (write.find(name) != null) {
                data.member(name, write.find(name));
            }
        }
        RawJson result =
                JsonBuilder.object().member("queue", queue).member("messageReceiptId", receipt).build();
        return new Sent(write, later(queue, "engine::queue::enqueue", receipt, data.build(), command), result);
    }

    private static Sent publish(Input write, Command command, String id) {
        String topic = write.text("topic");
        if (topic.isEmpty()) {
            throw new Refusal(ErrorCode.TOPIC_NOT_SET, "Topic is not set");
        }
        write.require("data");
        RawJson result = JsonBuilder.object().member("topic", topic).build();
        return new Sent(write, later(topic, "iii::durable::publish", id, write.json(), command), result);
    }

    private static Later later(String owner, String function, String id, RawJson data, Command command) {
        Call cause = command.call();
        return new Later(
                owner,
                new Call(
                        id,
                        function,
                        Call.DEFAULT_NAMESPACE,
                        data,
                        null,
                        false,
                        null,
                        cause.traceparent(),
                        cause.baggage(),
                        Long.MAX_VALUE));
    }

    /**
     * Makes sure that the queue takes it: afterwards nobody is there to hear that it does not.
     *
     * @throws Refusal when it does not
     */
    public void check(Sent sent, long nowMs) {
        Input input = sent.input();
        RawJson data = input.require("data");
        if (input.text("op").equals(PUBLISH)) {
            Options.of(input, QueueSettings.DEFAULT, data, nowMs);
            return;
        }
        String queue = input.text("queue");
        QueueSettings settings = agreements.find(EntryKey.queue(queue));
        if (settings == null) {
            throw new Refusal(ErrorCode.ENQUEUE_ERROR, "Queue '" + queue + "' not found");
        }
        input.optionalText("namespace");
        RawJson given = Enqueue.presentOrNull(input.find("options"));
        Options options = Options.of(given == null ? null : input.object("options", given), settings, data, nowMs);
        Group.of(queue, settings, options.group(), data);
    }
}
