package io.iiikafka.gateway.queue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import io.iiikafka.gateway.invocation.EngineInvoker;
import io.iiikafka.gateway.invocation.OutcomeHandler;
import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.KeeperFunction;
import io.iiikafka.topology.queue.QueueSettings;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import io.vertx.core.Future;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * What calls of the keeper's functions of queues mean for a queue with a topic: a job without options becomes a record, and what
 * is paused, counted or purged are the records as well as the keeper's jobs.
 */
final class ShareDetours {

    private static final String ENQUEUE = "engine::queue::enqueue";
    private static final String ENQUEUE_WITH_OPTIONS = "iii::queue::enqueue";
    private static final String STATS = "engine::queue::topic_stats";
    private static final String PURGE = "iii::queue::purge";
    private static final String PAUSE = "iii::queue::pause";
    private static final String RESUME = "iii::queue::resume";
    private static final String EXTEND = "iii::queue::extend";
    private static final long LONGEST_MS = Duration.ofDays(7).toMillis();
    private static final long USUAL_MS = 60_000;
    private static final String LONG_NAME = "__fn_queue::";
    private static final Set<String> PLAIN = Set.of(
            "queue", "function_id", "data", "messageReceiptId", "traceparent", "baggage", "namespace", "metadata",
            "_caller_worker_id");

    private final ShareQueues shares;
    private final NamedQueues named;
    private final EngineInvoker invoker;

    ShareDetours(ShareQueues shares, NamedQueues named, EngineInvoker invoker) {
        this.shares = shares;
        this.named = named;
        this.invoker = invoker;
    }

    void serve() {
        invoker.detour(ENQUEUE, (call, handler) -> enqueue(call, true, handler));
        invoker.detour(ENQUEUE_WITH_OPTIONS, (call, handler) -> enqueue(call, false, handler));
        invoker.detour(PAUSE, (call, handler) -> pause(PAUSE, true, call, handler));
        invoker.detour(RESUME, (call, handler) -> pause(RESUME, false, call, handler));
        invoker.detour(STATS, (call, handler) -> added(STATS, "depth", shares::depth, call, handler));
        invoker.detour(PURGE, this::purge);
        invoker.detour(EXTEND, this::extend);
    }

    private static Map<String, RawJson> members(Call call) {
        Map<String, RawJson> members = new HashMap<>();
        RawJson data = call.data();
        if (data != null && data.isObject()) {
            data.forEachMember(members::put);
            members.values().removeIf(RawJson::isNull);
        }
        return members;
    }

    private static String text(Map<String, RawJson> members, String name) {
        RawJson value = members.get(name);
        String text = value == null ? null : value.text();
        return text == null ? "" : text;
    }

    /** What is not plain, or not right, the keeper looks at. */
    private boolean enqueue(Call call, boolean receiptGiven, OutcomeHandler handler) {
        Map<String, RawJson> given = members(call);
        ShareQueue queue = shares.find(text(given, "queue"));
        QueueSettings settings = named.find(text(given, "queue"));
        String function = text(given, "function_id");
        String receipt = receiptGiven ? text(given, "messageReceiptId") : UUID.randomUUID().toString();
        RawJson data = given.get("data");
        boolean plain = PLAIN.containsAll(given.keySet()) && !function.isEmpty() && !receipt.isEmpty();
        if (queue == null || settings == null || !plain || data == null || !ShareQueue.takes(settings, data)) {
            return false;
        }
        String namespace = text(given, "namespace");
        Call job = new Call(
                receipt,
                function,
                namespace.isBlank() ? Call.DEFAULT_NAMESPACE : namespace,
                data,
                given.get("metadata"),
                false,
                null,
                receiptGiven ? orNull(text(given, "traceparent")) : call.traceparent(),
                receiptGiven ? orNull(text(given, "baggage")) : call.baggage(),
                0);
        JsonBuilder answer = JsonBuilder.object().member("messageReceiptId", receipt);
        RawJson kept = (receiptGiven ? answer : answer.member("deduplicated", false)).build();
        queue.enqueue(job, outcome -> handler.ended(outcome instanceof Outcome.Success ? new Outcome.Success(kept) : outcome));
        return true;
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /** The name of a queue that has a topic, whether or not this gateway uses that by now; null when what is named is none. */
    private @Nullable String shared(Call call) {
        Map<String, RawJson> given = members(call);
        String name = text(given, given.containsKey("queue") ? "queue" : "topic");
        String plain = name.startsWith(LONG_NAME) ? name.substring(LONG_NAME.length()) : name;
        QueueSettings settings = named.find(plain);
        return settings == null || settings.share() == null ? null : plain;
    }

    private boolean pause(String function, boolean paused, Call call, OutcomeHandler handler) {
        String name = shared(call);
        if (name == null) {
            return false;
        }
        shares.pause(name, paused)
                .onSuccess(done -> keeper(function, call, handler))
                .onFailure(failure -> handler.ended(unavailable(name, failure)));
        return true;
    }

    /** Of jobs that run here; of all others the keeper knows, or asks for what is not right. */
    private boolean extend(Call call, OutcomeHandler handler) {
        Map<String, RawJson> given = members(call);
        RawJson wanted = given.get("ms");
        long ms = wanted == null ? USUAL_MS : wholeNumber(wanted.toString());
        String receipt = text(given, "message_id");
        if (ms < 1 || ms > LONGEST_MS || !shares.extend(receipt, System.currentTimeMillis() + ms)) {
            return false;
        }
        handler.ended(new Outcome.Success(JsonBuilder.object().member("extended", 1).build()));
        return true;
    }

    /** -1: it is none. */
    private static long wholeNumber(String text) {
        return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : -1;
    }

    private void keeper(String function, Call call, OutcomeHandler handler) {
        KeeperFunction kept = invoker.keeperFunction(Call.DEFAULT_NAMESPACE, function);
        if (kept != null) {
            invoker.command(kept, call, handler);
        }
    }

    /** Only what waits is in the topic; other states are the keeper's. */
    private boolean purge(Call call, OutcomeHandler handler) {
        String state = text(members(call), "state");
        return (state.isEmpty() || state.equals("waiting")) && added(PURGE, "purged", shares::clear, call, handler);
    }

    /** The keeper's answer, with the records counted in. */
    private boolean added(
            String function, String member, Function<String, Future<Long>> records, Call call, OutcomeHandler handler) {
        String name = shared(call);
        if (name == null) {
            return false;
        }
        records.apply(name)
                .onSuccess(count -> keeper(function, call, outcome -> handler.ended(
                        outcome instanceof Outcome.Success success && success.value() != null
                                ? new Outcome.Success(plus(success.value(), member, count))
                                : outcome)))
                .onFailure(failure -> handler.ended(unusable(name, failure)));
        return true;
    }

    private static RawJson plus(RawJson answer, String member, long count) {
        JsonBuilder sum = JsonBuilder.object();
        answer.forEachMember((name, value) -> {
            if (name.equals(member)) {
                sum.member(name, Long.parseLong(value.toString()) + count);
            } else {
                sum.member(name, value);
            }
        });
        return sum.build();
    }

    /** As {@link #unavailable}, but to retry is of no use where Kafka refuses the topic. */
    private Outcome unusable(String queue, Throwable failure) {
        boolean refused = failure instanceof ApiException && !(failure instanceof RetriableException);
        return refused
                ? Outcome.failure(
                        ErrorCode.INVALID_QUEUE,
                        "Topic '" + shares.topic(queue) + "' of queue '" + queue + "' cannot be used: " + failure.getMessage())
                : unavailable(queue, failure);
    }

    private static Outcome unavailable(String queue, Throwable failure) {
        return Outcome.failure(
                ErrorCode.ENGINE_UNAVAILABLE,
                "Kafka did not answer about the topic of queue '" + queue + "': " + failure.getMessage() + "; retry.");
    }
}
