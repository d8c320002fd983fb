package io.iiikafka.gateway.state;

import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** A call of a state function, and what of its answer callers can rely on, as text. */
sealed interface ScopeCall {

    String FAILED = " failed";
    String NOTHING = "nothing";
    String SWAPPED = "swapped";
    String REFUSED = "refused";

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

    record Get(String key) implements ScopeCall {}

    record CompareAndSet(String key, String expected, String value) implements ScopeCall {}

    /** Commits when the key is there, or not, as said; then writes in order and reads. */
    record Transact(String checked, boolean there, List<Write> writes, List<String> reads) implements ScopeCall {}

    record ListAll() implements ScopeCall {}

    default String function() {
        return switch (this) {
            case Set set -> "state::set";
            case Delete delete -> "state::delete";
            case Increment increment -> "state::update";
            case Append append -> "state::update";
            case Get get -> "state::get";
            case CompareAndSet swap -> "state::compare-and-set";
            case Transact transact -> "state::transact";
            case ListAll list -> "state::list";
        };
    }

    default String payload(String scope) {
        return "{\"scope\":\"" + scope + "\"" + members() + "}";
    }

    private String members() {
        return switch (this) {
            case Set set -> key(set.key) + ",\"value\":" + set.value;
            case Delete delete -> key(delete.key);
            case Increment increment ->
                key(increment.key) + ",\"ops\":[{\"type\":\"increment\",\"path\":\"\",\"by\":" + increment.by + "}]";
            case Append append ->
                key(append.key) + ",\"ops\":[{\"type\":\"append\",\"path\":\"\",\"value\":" + append.element + "}]";
            case Get get -> key(get.key);
            case CompareAndSet swap ->
                key(swap.key) + ",\"value\":" + swap.value + ",\"expected\":" + swap.expected;
            case Transact transact ->
                ",\"checks\":[{\"key\":\"" + transact.checked + "\",\"exists\":" + transact.there + "}],\"writes\":["
                        + transact.writes.stream().map(ScopeCall::written).collect(Collectors.joining(","))
                        + "],\"reads\":["
                        + transact.reads.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(","))
                        + "]";
            case ListAll list -> "";
        };
    }

    private static String key(String key) {
        return ",\"key\":\"" + key + "\"";
    }

    private static String written(Write write) {
        String op = switch (write) {
            case Set set -> "set";
            case Delete delete -> "delete";
            case Increment increment -> "update";
            case Append append -> "update";
        };
        return "{\"op\":\"" + op + "\"" + ((ScopeCall) write).members() + "}";
    }

    /** What is looked at in a result frame. */
    default String observed(JsonNode frame) {
        JsonNode result = frame.path("result");
        return switch (this) {
            case Set set -> change(result);
            case Increment increment -> change(result);
            case Append append -> change(result);
            case Delete delete -> value(result);
            case Get get -> value(result);
            case CompareAndSet swap -> result.path("swapped").asBoolean() ? SWAPPED : "is " + result.path("current");
            case Transact transact ->
                result.path("committed").asBoolean() ? each(result.path("results")) + ";" + reads(result) : REFUSED;
            case ListAll list -> result.toString();
        };
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
