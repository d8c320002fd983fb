package io.iiikafka.topology.keeper.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
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

    private static final int LONGEST_ERROR = 64 * 1024;
    private static final int LONGEST_TEXT = 2_000;

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

    /**
     * The call of an attempt; the same for the same try, whenever it is made.
     *
     * @param with jobs that are told in the same call
     */
    Call attempt(int attempt, int tries, List<Job> with, long deadlineMs) {
        return new Call(
                invocationId(tries, with.stream().map(Job::number).toList()),
                call.functionId(),
                call.namespace(),
                terms.batch() == null ? payload(attempt) : payload(attempt, terms.batch(), with),
                call.metadata(),
                true,
                null,
                call.traceparent(),
                call.baggage(),
                deadlineMs);
    }

    /** @param with numbers of the jobs that are told in the same call: another set of them is another call */
    String invocationId(int tries, List<Long> with) {
        return id(call.invocationId() + "/" + tries + (with.isEmpty() ? "" : with.toString()));
    }

    private RawJson payload(int attempt, Batch batch, List<Job> with) {
        JsonBuilder events = JsonBuilder.array().element(event(attempt));
        with.forEach(each -> events.element(each.event(attempt)));
        return JsonBuilder.object().member("type", batch.type()).member("events", events.build()).build();
    }

    private RawJson event(int attempt) {
        RawJson event = payload(attempt);
        return event == null ? RawJson.NULL : event;
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
                .member("event", event(attempts))
                .member("error", bounded(error))
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
        Terms own = new Terms(queue, null, terms.retry(), terms.maxInFlight(), terms.keptMs(), null, null, null);
        return new Job(newNumber, told, null, own, nowMs);
    }

    /** What is told must fit into a record, whatever a worker said. */
    private static RawJson bounded(RawJson error) {
        if (error.length() <= LONGEST_ERROR) {
            return error;
        }
        JsonNode members = error.toTree();
        return JsonBuilder.object()
                .member("code", beginning(members.path("code").asText()))
                .member("message", beginning(members.path("message").asText()))
                .build();
    }

    private static String beginning(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "…";
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
        if (terms.batch() != null) {
            json.member("batch", terms.batch().type())
                    .member("batch_events", terms.batch().maxEvents())
                    .member("batch_wait", terms.batch().maxWaitMs());
        }
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
        String batch = members.optional("batch");
        Terms terms = new Terms(
                members.text("queue"),
                members.optional("lane"),
                retry,
                (int) members.number("max_in_flight"),
                members.number("kept"),
                members.optional("dead_letter"),
                members.find("meta"),
                batch == null
                        ? null
                        : new Batch(batch, (int) members.number("batch_events"), members.number("batch_wait")));
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
