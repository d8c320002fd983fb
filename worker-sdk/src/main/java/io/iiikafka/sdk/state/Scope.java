package io.iiikafka.sdk.state;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import io.iiikafka.sdk.InvocationException;
import io.iiikafka.sdk.Registration;
import io.iiikafka.sdk.Trigger;
import io.iiikafka.sdk.Worker;
import io.iiikafka.sdk.change.Change;
import io.iiikafka.sdk.change.EventHandler;
import io.iiikafka.sdk.change.Update;
import io.iiikafka.sdk.internal.Reply;
import io.iiikafka.sdk.internal.Together;
import io.iiikafka.sdk.internal.Values;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;

/**
 * One scope of state: values by key (spec: state.md 3, 7, 12.2, 12.3). Scope and keys are any text.
 *
 * <p>Writes of one key happen one after the other; whoever asks after a write was answered sees it. All methods wait
 * for the engine's answer, for {@link io.iiikafka.sdk.WorkerOptions#callTimeout()} at most, and throw
 * {@link InvocationException} when there is none or it is an error; codes beyond the usual ones are told below.
 *
 * @param <T> what values are bound to; with {@link RawJson} a missing value is {@link RawJson#NULL}
 */
public final class Scope<T> {

    private final Worker worker;
    private final String name;
    private final Class<T> type;

    Scope(Worker worker, String name, Class<T> type) {
        this.worker = worker;
        this.name = name;
        this.type = type;
    }

    public String name() {
        return name;
    }

    /** Null when there is nothing, or null; {@link #getVersioned} tells which. */
    public @Nullable T get(String key) {
        return worker.read(call("get", at(key)), type);
    }

    public Versioned<T> getVersioned(String key) {
        Reply reply = reply("get_versioned", at(key));
        return new Versioned<>(key, reply.flag("exists"), reply.value("value", type), reply.number("version"));
    }

    /** Stores a value in place of the one before. A null is stored as such. */
    public Change<T> set(String key, @Nullable T value) {
        return set(key, value, WriteOptions.NONE);
    }

    public Change<T> set(String key, @Nullable T value, WriteOptions options) {
        return Values.change(reply("set", options.addTo(at(key).member("value", worker.write(value)))), type);
    }

    /** Removes a key and returns what it held; null when that was nothing, or null. */
    public @Nullable T delete(String key) {
        return delete(key, WriteOptions.NONE);
    }

    public @Nullable T delete(String key, WriteOptions options) {
        return worker.read(call("delete", options.addTo(at(key))), type);
    }

    /** Changes parts of a value, as one with respect to every other write; makes it when it is not there. */
    public Change<T> update(String key, Update update) {
        return update(key, update, WriteOptions.NONE);
    }

    public Change<T> update(String key, Update update, WriteOptions options) {
        return Values.change(reply("update", options.addTo(update.addTo(at(key), worker))), type);
    }

    /**
     * Stores a value if another one is there now.
     *
     * @param expected equal as JSON, whatever the order of members; null: nothing, or null
     */
    public Swap<T> compareAndSet(String key, @Nullable T expected, @Nullable T value) {
        Reply reply = reply(
                "compare-and-set",
                at(key).member("expected", worker.write(expected)).member("value", worker.write(value)));
        return new Swap<>(reply.flag("swapped"), reply.value("current", type));
    }

    /** All values, in the order in which their keys were first set. */
    public List<@Nullable T> list() {
        return Values.list(worker, call("list", here()), type);
    }

    /** All keys, in the order of {@link #list}. */
    public List<String> keys() {
        return Values.names(reply("list_keys", here()).raw("keys"));
    }

    /** Keys with values and versions: those that begin with a text, in the order of {@link #list}. */
    public List<Versioned<T>> entries(String prefix) {
        return entries(here().member("prefix", prefix));
    }

    /**
     * A page of them.
     *
     * @param after the last key of the page before; null: from the first
     * @param limit at most so many
     */
    public List<Versioned<T>> entries(String prefix, @Nullable String after, int limit) {
        return entries(here().member("prefix", prefix).member("after", after).member("limit", limit));
    }

    private List<Versioned<T>> entries(JsonBuilder request) {
        return Reply.all(worker, call("list", request.member("include_keys", true))).stream()
                .map(row -> new Versioned<>(row.name("key"), true, row.value("value", type), row.number("version")))
                .toList();
    }

    /** Several keys as they are together; without keys the whole scope. */
    public Snapshot<T> read(String... keys) {
        JsonBuilder request = here();
        if (keys.length > 0) {
            JsonBuilder wanted = JsonBuilder.array();
            List.of(keys).forEach(wanted::element);
            request.member("keys", wanted.build());
        }
        Reply reply = reply("read", request);
        return new Snapshot<>(
                reply.object("revisions").number(name), Replies.allVersioned(reply.objects("entries"), type));
    }

    /** Makes all of it or nothing; a check that does not hold is an answer, not an error. */
    public TransactionResult<T> transact(Transaction transaction) {
        return transact(transaction, WriteOptions.NONE);
    }

    /**
     * @param options {@link WriteOptions#ifVersion()} has no meaning here
     */
    public TransactionResult<T> transact(Transaction transaction, WriteOptions options) {
        return Replies.transaction(reply("transact", options.addTo(transaction.addTo(here(), worker))), type);
    }

    /** Takes the lease of a key, unless somebody else has it; who has it already gets the new time. */
    public Lease acquireLease(String key, String owner, Duration time) {
        return lease(key, at(key).member("action", "acquire").member("owner", owner).member("ttl_ms", time.toMillis()));
    }

    /** Holds on to a lease, unless it ran out or went to somebody else. */
    public Lease renewLease(Lease lease, Duration time) {
        return lease(lease.key(), own(lease, "renew").member("ttl_ms", time.toMillis()));
    }

    public Lease releaseLease(Lease lease) {
        return lease(lease.key(), own(lease, "release"));
    }

    private JsonBuilder own(Lease lease, String action) {
        return at(lease.key()).member("action", action).member("owner", lease.owner()).member("fence", lease.fence());
    }

    private Lease lease(String key, JsonBuilder request) {
        Reply reply = reply("lease", request);
        return new Lease(
                key,
                reply.flag("held"),
                reply.text("owner"),
                reply.number("fence"),
                Instant.ofEpochMilli(reply.number("expires_at")));
    }

    /** The key as it was at a revision; fails with {@code REVISION_GONE} when that is no longer kept. */
    public Versioned<T> getAt(String key, long revision) {
        Reply reply = reply("get_at", at(key).member("revision", revision));
        return new Versioned<>(key, reply.flag("exists"), reply.value("value", type), reply.number("version"));
    }

    /** What became of a key, the newest first (spec: state.md 12.5). */
    public List<Recorded<T>> history(String key, int limit) {
        return records("history", "entries", at(key).member("limit", limit));
    }

    /** The last change of a key, the change whose trigger caused it, and so on back to the first call. */
    public List<Recorded<T>> lineage(String key) {
        return records("lineage", "chain", at(key));
    }

    private List<Recorded<T>> records(String function, String member, JsonBuilder request) {
        return reply(function, request).objects(member).stream()
                .map(entry -> Replies.recorded(entry, type))
                .toList();
    }

    /** Writes what a key was at a revision, as a new change. */
    public TransactionResult<T> restore(String key, long revision) {
        return Replies.transaction(reply("restore", at(key).member("revision", revision)), type);
    }

    /** A view of the scope as it is now, which can be written without changing the scope (spec: state.md 12.4). */
    public Fork<T> fork() {
        return fork(here());
    }

    /**
     * As {@link #fork()}, under a name; fails with {@code FORK_EXISTS} when there is one.
     *
     * @param fork 1 to 64 letters, digits, points, lines and underlines
     */
    public Fork<T> fork(String fork) {
        return fork(here().member("name", fork));
    }

    private Fork<T> fork(JsonBuilder request) {
        Reply reply = reply("fork", request);
        return new Fork<>(worker, new Scope<>(worker, reply.name("scope"), type), type, reply.number("base_revision"));
    }

    /** Has a function of this id served here, and called with every change in the scope. */
    public Registration onChange(String functionId, EventHandler<StateEvent<T>> handler) {
        return onChange(functionId, trigger -> trigger, handler);
    }

    /**
     * With only some of the changes (spec: state.md 5.1, 12.1):
     * {@code trigger -> trigger.with("condition", "status == \"shipped\"")}.
     *
     * @param filter adds to the trigger's configuration: {@code key}, {@code key_prefix}, {@code event_types},
     *     {@code only_changes}, {@code condition} with {@code condition_mode}, {@code include_meta}; and what it promises
     *     (12.6): {@code delivery}, {@code retry}, {@code dead_letter_function_id}, {@code durable_id}
     */
    public Registration onChange(
            String functionId, UnaryOperator<Trigger.Event> filter, EventHandler<StateEvent<T>> handler) {
        Registration function = Together.handler(
                worker, functionId, event -> handler.handle(Replies.event(event, type)));
        Registration trigger = worker.bind(filter.apply(Trigger.state(name)).to(functionId));
        return new Together(functionId, List.of(trigger, function));
    }

    private RawJson call(String function, JsonBuilder request) {
        return worker.trigger("state::" + function, request.build());
    }

    private Reply reply(String function, JsonBuilder request) {
        return new Reply(worker, call(function, request));
    }

    private JsonBuilder here() {
        return JsonBuilder.object().member("scope", name);
    }

    private JsonBuilder at(String key) {
        return here().member("key", key);
    }
}
