package io.iiikafka.topology.keeper.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/**
 * A call that is repeated until it is answered.
 *
 * @param number unique in its partition; rises
 * @param call as it is made, but for its id, its deadline and {@code meta}; its id names the job
 * @param condition a function that may veto it; null: none
 * @param createdMs epoch milliseconds
 */
record Job(long number, Call call, @Nullable String condition, Terms terms, long createdMs) {

    /** Short names of the queue and of the lane, for keys of the store. */
    String queueId() {
        return id(terms.queue());
    }

    @Nullable String laneId() {
        return terms.lane() == null ? null : id(terms.queue() + '\0' + terms.lane());
    }

    static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }

    /** The call of an attempt; the same for the same try, whenever it is made. */
    Call attempt(int attempt, int tries, long deadlineMs) {
        return new Call(
                invocationId(tries),
                call.functionId(),
                call.namespace(),
                payload(attempt),
                call.metadata(),
                true,
                null,
                call.traceparent(),
                call.baggage(),
                deadlineMs);
    }

    String invocationId(int tries) {
        return id(call.invocationId() + "/" + tries);
    }

    private @Nullable RawJson payload(int attempt) {
        RawJson meta = terms.meta();
        if (meta == null || call.data() == null) {
            return call.data();
        }
        return EventMeta.added(call.data(), meta, attempt);
    }

    /** What is told of a job that is given up: {@code {"event":…,"error":…,"attempts":3}}. */
    Job deadLetter(String function, RawJson error, int attempts, long newNumber, long nowMs) {
        RawJson data = JsonBuilder.object()
                .member("event", payload(attempts))
                .member("error", error)
                .member("attempts", attempts)
                .build();
        Call told = new Call(
                id(call.invocationId() + "/dead"),
                function,
                call.namespace(),
                data,
                call.metadata(),
                false,
                null,
                call.traceparent(),
                call.baggage(),
                call.deadlineMs());
        String queue = terms.queue() + "\0dead\0" + function;
        Terms own = new Terms(queue, null, terms.retry(), terms.maxInFlight(), terms.keptMs(), null, null);
        return new Job(newNumber, told, null, own, nowMs);
    }

    RawJson toJson() {
        int length = call.data() == null ? 0 : call.data().length();
        JsonBuilder json = JsonBuilder.object(length + 600)
                .member("id", call.invocationId())
                .member("function", call.functionId())
                .member("namespace", call.namespace())
                .member("created", createdMs)
                .member("queue", terms.queue())
                .member("max_in_flight", terms.maxInFlight())
                .member("kept", terms.keptMs())
                .member("max_attempts", terms.retry().maxAttempts())
                .member("backoff", terms.retry().backoffMs())
                .member("max_backoff", terms.retry().maxBackoffMs())
                .member("timeout", terms.retry().timeoutMs());
        optional(json, "lane", terms.lane());
        optional(json, "dead_letter", terms.deadLetterFunction());
        optional(json, "condition", condition);
        optional(json, "traceparent", call.traceparent());
        optional(json, "baggage", call.baggage());
        optional(json, "meta", terms.meta());
        optional(json, "metadata", call.metadata());
        optional(json, "data", call.data());
        return json.build();
    }

    private static void optional(JsonBuilder json, String name, @Nullable String value) {
        if (value != null) {
            json.member(name, value);
        }
    }

    private static void optional(JsonBuilder json, String name, @Nullable RawJson value) {
        if (value != null) {
            json.member(name, value);
        }
    }

    static Job of(long number, RawJson json) {
        Members members = new Members(json);
        Call call = new Call(
                members.text("id"),
                members.text("function"),
                members.text("namespace"),
                members.find("data"),
                members.find("metadata"),
                false,
                null,
                members.optional("traceparent"),
                members.optional("baggage"),
                0);
        Retry retry = new Retry(
                (int) members.number("max_attempts"),
                members.number("backoff"),
                members.number("max_backoff"),
                members.number("timeout"));
        Terms terms = new Terms(
                members.text("queue"),
                members.optional("lane"),
                retry,
                (int) members.number("max_in_flight"),
                members.number("kept"),
                members.optional("dead_letter"),
                members.find("meta"));
        return new Job(number, call, members.optional("condition"), terms, members.number("created"));
    }

    /** The members of a record of ours. */
    record Members(Map<String, RawJson> all) {

        Members(RawJson json) {
            this(new HashMap<>());
            json.forEachMember(all::put);
        }

        @Nullable RawJson find(String name) {
            return all.get(name);
        }

        @Nullable String optional(String name) {
            RawJson value = all.get(name);
            return value == null ? null : value.text();
        }

        String text(String name) {
            String text = optional(name);
            return text == null ? "" : text;
        }

        boolean flag(String name) {
            RawJson value = all.get(name);
            return value != null && value.toString().equals("true");
        }

        long number(String name) {
            RawJson value = all.get(name);
            return value == null ? 0 : Long.parseLong(value.toString());
        }
    }
}
