package io.iiikafka.gateway.state;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A call of a state function, and what of its answer callers can rely on, as text. */
sealed interface ScopeCall {

    String FAILED = " failed";
    String NOTHING = "nothing";
    String SWAPPED = "swapped";
    String REFUSED = "refused";
    String FENCED = "FENCED";

    /** A call that writes one key; transactions consist of such. */
    sealed interface Write extends ScopeCall {

        String key();
    }

    record Set(String key, String value) implements Write {}

    record Delete(String key) implements Write {}

    /** Of the value as a whole. */
    record Increment(String key, long by) implements Write {}

    /** To the value as a whole. */
    record Append(String key, long element) implements Write {}

    /** Of the value as a whole, an object. */
    record Merge(String key, String member, long number) implements Write {}

    record SetMember(String key, String member, long number) implements Write {}

    record RemoveMember(String key, String member) implements Write {}

    /** What is left is null. */
    record Clear(String key) implements Write {}

    record Get(String key) implements ScopeCall {}

    record GetVersioned(String key) implements ScopeCall {}

    record Read(List<String> keys) implements ScopeCall {}

    record CompareAndSet(String key, String expected, String value) implements ScopeCall {}

    /** Commits when the key is there, or not, as said; then writes in order and reads. */
    record Transact(String checked, boolean there, List<Write> writes, List<String> reads) implements ScopeCall {}

    record ListAll() implements ScopeCall {}

    record ListKeys() implements ScopeCall {}

    /** For longer than anybody plays. */
    record Lease(String key, String owner, String action) implements ScopeCall {}

    /** Of the key whose lease fences it. */
    record FencedSet(String key, String value, long fence) implements ScopeCall {}

    record Fork(String name) implements ScopeCall {}

    record InFork(String name, ScopeCall call) implements ScopeCall {}

    record MergeFork(String name, String strategy) implements ScopeCall {}

    record DropFork(String name) implements ScopeCall {}

    default String function() {
        return switch (this) {
            case Set set -> "state::set";
            case Delete delete -> "state::delete";
            case Write update -> "state::update";
            case Get get -> "state::get";
            case GetVersioned get -> "state::get_versioned";
            case Read read -> "state::read";
            case CompareAndSet swap -> "state::compare-and-set";
            case Transact transact -> "state::transact";
            case ListAll list -> "state::list";
            case ListKeys list -> "state::list_keys";
            case Lease lease -> "state::lease";
            case FencedSet set -> "state::set";
            case Fork fork -> "state::fork";
            case InFork in -> in.call.function();
            case MergeFork merge -> "state::merge_fork";
            case DropFork drop -> "state::drop_fork";
        };
    }

    default String payload(String scope) {
        String addressed = switch (this) {
            case InFork in -> scope + "@" + in.name;
            case MergeFork merge -> scope + "@" + merge.name;
            case DropFork drop -> scope + "@" + drop.name;
            default -> scope;
        };
        return "{\"scope\":\"" + addressed + "\"" + members() + "}";
    }

    private String members() {
        return switch (this) {
            case Set set -> key(set.key) + ",\"value\":" + set.value;
            case Delete delete -> key(delete.key);
            case Increment increment -> update(increment.key, "increment", "", "by", increment.by);
            case Append append -> update(append.key, "append", "", "value", append.element);
            case Merge merge ->
                update(merge.key, "merge", "", "value", "{\"" + merge.member + "\":" + merge.number + "}");
            case SetMember set -> update(set.key, "set", set.member, "value", set.number);
            case RemoveMember remove -> update(remove.key, "remove", remove.member, "ignored", 0);
            case Clear clear -> update(clear.key, "remove", "", "ignored", 0);
            case Get get -> key(get.key);
            case GetVersioned get -> key(get.key);
            case Read read -> ",\"keys\":" + texts(read.keys);
            case CompareAndSet swap ->
                key(swap.key) + ",\"value\":" + swap.value + ",\"expected\":" + swap.expected;
            case Transact transact ->
                ",\"checks\":[{\"key\":\"" + transact.checked + "\",\"exists\":" + transact.there + "}],\"writes\":["
                        + transact.writes.stream().map(ScopeCall::written).collect(Collectors.joining(","))
                        + "],\"reads\":" + texts(transact.reads);
            case ListAll list -> "";
            case ListKeys list -> "";
            case Lease lease ->
                key(lease.key) + ",\"owner\":\"" + lease.owner + "\",\"action\":\"" + lease.action
                        + "\",\"ttl_ms\":3600000";
            case FencedSet set ->
                key(set.key) + ",\"value\":" + set.value + ",\"fence\":{\"key\":\"" + set.key + "\",\"value\":"
                        + set.fence + "}";
            case Fork fork -> ",\"name\":\"" + fork.name + "\"";
            case InFork in -> in.call.members();
            case MergeFork merge -> ",\"strategy\":\"" + merge.strategy + "\"";
            case DropFork drop -> "";
        };
    }

    private static String update(String key, String type, String path, String member, Object value) {
        return key(key) + ",\"ops\":[{\"type\":\"" + type + "\",\"path\":\"" + path + "\",\"" + member + "\":" + value
                + "}]";
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    private static String key(String key) {
        return ",\"key\":\"" + key + "\"";
    }

    private static String written(Write write) {
        String op = switch (write) {
            case Set set -> "set";
            case Delete delete -> "delete";
            default -> "update";
        };
        return "{\"op\":\"" + op + "\"" + ((ScopeCall) write).members() + "}";
    }

    /** What is looked at in a result frame. */
    default String observed(JsonNode frame) {
        JsonNode result = frame.path("result");
        return switch (this) {
            case Delete delete -> value(result);
            case Write write -> change(result);
            case Get get -> value(result);
            case GetVersioned get -> versioned(result);
            case Read read -> StreamSupport.stream(result.path("entries").spliterator(), false)
                    .map(ScopeCall::versioned)
                    .collect(Collectors.joining(" "));
            case CompareAndSet swap -> result.path("swapped").asBoolean() ? SWAPPED : "is " + result.path("current");
            case Transact transact ->
                result.path("committed").asBoolean() ? each(result.path("results")) + ";" + reads(result) : REFUSED;
            case ListAll list -> result.toString();
            case ListKeys list -> result.path("keys").toString();
            case Lease lease -> held(
                    result.path("held").asBoolean(), result.path("owner").textValue(), result.path("fence").longValue());
            case FencedSet set -> frame.has("error") ? frame.at("/error/code").textValue() : change(result);
            case Fork fork -> result.has("scope") ? "forked" : result.toString();
            case InFork in -> in.call.observed(frame);
            case MergeFork merge ->
                (result.path("merged").asBoolean() ? "" : REFUSED) + texts(result, "applied") + texts(result, "conflicts");
            case DropFork drop -> result.path("dropped").asText();
        };
    }

    /** Whether an answer may be an error. */
    default boolean canFail() {
        return this instanceof FencedSet;
    }

    /** How {@link #observed} shows a lease. */
    static String held(boolean held, @Nullable String owner, long fence) {
        return held + " " + owner + " " + fence;
    }

    private static String versioned(JsonNode entry) {
        return (entry.path("exists").asBoolean() ? entry.path("value") : NOTHING) + " v" + entry.path("version");
    }

    /** As a list of texts shows itself. */
    private static String texts(JsonNode result, String name) {
        List<String> texts = new ArrayList<>();
        result.path(name).forEach(each -> texts.add(each.textValue()));
        return texts.toString();
    }

    private static String value(JsonNode value) {
        return value.isMissingNode() ? NOTHING : value.toString();
    }

    private static String change(JsonNode result) {
        return change(
                result.path("old_value").toString(), result.path("new_value").toString(), result.has("errors"));
    }

    /** How {@link #observed} shows a change; of what was not there the old value is {@code null}. */
    static String change(String before, String after, boolean failed) {
        return " " + before + " to " + after + (failed ? FAILED : "");
    }

    private static String each(JsonNode results) {
        StringBuilder all = new StringBuilder();
        results.forEach(result -> all.append(change(result)));
        return all.toString();
    }

    private static String reads(JsonNode result) {
        StringBuilder all = new StringBuilder();
        result.path("reads")
                .forEach(read ->
                        all.append(' ').append(read.path("exists").asBoolean() ? read.path("value") : NOTHING));
        return all.toString();
    }
}
