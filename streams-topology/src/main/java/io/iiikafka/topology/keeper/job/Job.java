package io.iiikafka.topology.keeper.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.ErrorLimit;
import org.jspecify.annotations.Nullable;

/**
 * A call that is repeated until it is answered.
 *
 * @param number unique in its partition; rises
 * @param call as it is made, but for its id, its deadline and {@code meta}; its id names the job
 * @param condition a function that may veto it; null: none
 * @param createdMs when it came here, in epoch milliseconds
 * @param enqueuedMs when it was enqueued, likewise: earlier if a gateway had it before, or it was a dead letter
 */
record Job(long number, Call call, @Nullable String condition, Terms terms, long createdMs, long enqueuedMs) {

    /** One that was never elsewhere. */
    Job(long number, Call call, @Nullable String condition, Terms terms, long createdMs) {
        this(number, call, condition, terms, createdMs, createdMs);
    }

    static String id(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }

    /**
     * The call of an attempt; the same for the same try, whenever it is made.
     *
     * @param with jobs that are told in the same call
     */
    Call attempt(Progress progress, List<Job> with, Rules rules) {
        Batch batch = terms instanceof Terms.Own own ? own.batch() : null;
        return new Call(
                invocationId(call.invocationId(), progress.tries(), progress.with()),
                call.functionId(),
                call.namespace(),
                batch == null ? payload(progress.attempts()) : payload(progress.attempts(), batch, with),
                rules.deliverInfo() ? told(progress, rules) : call.metadata(),
                true,
                null,
                call.traceparent(),
                terms instanceof Terms.Agreed ? DeliveredBaggage.of(call.baggage()) : call.baggage(),
                progress.dueMs());
    }

    /** The metadata with what handlers are told of the delivery (spec: queue.md 12.3). */
    private RawJson told(Progress progress, Rules rules) {
        JsonBuilder metadata = JsonBuilder.object();
        if (call.metadata() != null) {
            call.metadata().forEachMember(metadata::member);
        }
        RawJson delivery = JsonBuilder.object()
                .member("receipt", call.invocationId())
                .member("queue", Agreements.nameOf(terms.queue()))
                .member("attempt", progress.attempts() + rules.made())
                .member("max_attempts", rules.maxAttempts())
                .member("enqueued_at", enqueuedMs)
                .member("group", terms.lane())
                .member("deadline", progress.dueMs())
                .build();
        return metadata.member("iii_delivery", delivery).build();
    }

    /**
     * @param id of the job's call
     * @param with numbers of the jobs that are told in the same call: another set of them is another call
     */
    static String invocationId(String id, int tries, List<Long> with) {
        return id(id + "/" + tries + (with.isEmpty() ? "" : with.toString()));
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
        RawJson meta = terms instanceof Terms.Own own ? own.meta() : null;
        if (meta == null || call.data() == null) {
            return call.data();
        }
        return EventMeta.added(call.data(), meta, attempt);
    }

    /** What is told of a job that is given up: {@code {"event":…,"error":…,"attempts":3}}. */
    Job deadLetter(Terms.Own own, String function, RawJson error, int attempts, long newNumber, long nowMs) {
        RawJson data = JsonBuilder.object()
                .member("event", event(attempts))
                .member("error", ErrorLimit.bounded(error))
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
        String queue = own.queue() + "\0dead\0" + function;
        Terms again = new Terms.Own(queue, null, own.retry(), own.maxInFlight(), own.keptMs(), null, null, null);
        return new Job(newNumber, told, null, again, nowMs);
    }

    /** The same job with the payload of another call. */
    Job with(Call other) {
        Call mixed = new Call(
                call.invocationId(),
                call.functionId(),
                call.namespace(),
                other.data(),
                other.metadata(),
                false,
                null,
                other.traceparent(),
                other.baggage(),
                0);
        return new Job(number, mixed, condition, terms, createdMs, enqueuedMs);
    }

    /** The same job on other terms. */
    Job on(Terms other) {
        return new Job(number, call, condition, other, createdMs, enqueuedMs);
    }

    RawJson toJson() {
        int length = call.data() == null ? 0 : call.data().length();
        JsonBuilder json = JsonBuilder.object(length + 600)
                .member("id", call.invocationId())
                .member("function", call.functionId())
                .member("namespace", call.namespace())
                .member("created", createdMs)
                .member("queue", terms.queue());
        if (enqueuedMs != createdMs) {
            json.member("enqueued", enqueuedMs);
        }
        optional(json, "lane", terms.lane());
        switch (terms) {
            case Terms.Own own -> write(own, json);
            case Terms.Agreed agreed -> write(agreed, json);
        }
        optional(json, "condition", condition);
        optional(json, "traceparent", call.traceparent());
        optional(json, "baggage", call.baggage());
        optional(json, "metadata", call.metadata());
        optional(json, "data", call.data());
        return json.build();
    }

    private static void write(Terms.Own own, JsonBuilder json) {
        json.member("max_in_flight", own.maxInFlight())
                .member("kept", own.keptMs())
                .member("max_attempts", own.retry().maxAttempts())
                .member("backoff", own.retry().backoffMs())
                .member("max_backoff", own.retry().maxBackoffMs())
                .member("timeout", own.retry().timeoutMs());
        if (own.batch() != null) {
            json.member("batch", own.batch().type())
                    .member("batch_events", own.batch().maxEvents())
                    .member("batch_wait", own.batch().maxWaitMs());
        }
        optional(json, "dead_letter", own.deadLetterFunction());
        optional(json, "meta", own.meta());
    }

    private static void write(Terms.Agreed agreed, JsonBuilder json) {
        if (agreed.priority() != 0) {
            json.member("priority", agreed.priority());
        }
        if (agreed.notBeforeMs() != 0) {
            json.member("not_before", agreed.notBeforeMs());
        }
        if (agreed.expiresMs() != 0) {
            json.member("expires", agreed.expiresMs());
        }
        optional(json, "overrides", agreed.overrides());
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
        Terms terms = members.find("max_in_flight") == null ? agreed(members) : own(members);
        long createdMs = members.number("created");
        long enqueuedMs = members.find("enqueued") == null ? createdMs : members.number("enqueued");
        return new Job(number, call, members.optional("condition"), terms, createdMs, enqueuedMs);
    }

    private static Terms agreed(Members members) {
        return new Terms.Agreed(
                members.text("queue"),
                members.optional("lane"),
                (int) members.number("priority"),
                members.number("not_before"),
                members.number("expires"),
                members.find("overrides"));
    }

    private static Terms own(Members members) {
        Retry retry = new Retry(
                (int) members.number("max_attempts"),
                members.number("backoff"),
                members.number("max_backoff"),
                members.number("timeout"));
        String batch = members.optional("batch");
        return new Terms.Own(
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
