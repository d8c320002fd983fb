package io.iiikafka.gateway.provided;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.catalog.FunctionKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Call;
import org.jspecify.annotations.Nullable;

/** What a worker can do for a stream, each by a function of its own: {@code stream::get(todos)} (spec: stream.md 4.1). */
enum Operation {
    GET("get", ErrorCode.STREAM_GET_ERROR, "get value", List.of("stream_name", "group_id", "item_id")),
    LIST("list", ErrorCode.STREAM_GET_GROUP_ERROR, "get group", List.of("stream_name", "group_id")),
    LIST_GROUPS("list_groups", ErrorCode.STREAM_LIST_GROUPS_ERROR, "list groups", List.of("stream_name")),
    SET("set", ErrorCode.STREAM_SET_ERROR, "set value", List.of("stream_name", "group_id", "item_id")),
    DELETE("delete", ErrorCode.STREAM_DELETE_ERROR, "delete value", List.of("stream_name", "group_id", "item_id")),
    UPDATE("update", ErrorCode.STREAM_UPDATE_ERROR, "update value", List.of("stream_name", "group_id", "item_id"));

    private static final String PREFIX = "stream::";

    private final String verb;
    private final ErrorCode error;
    private final String task;
    private final List<String> names;

    Operation(String verb, ErrorCode error, String task, List<String> names) {
        this.verb = verb;
        this.error = error;
        this.task = task;
        this.names = names;
    }

    /** What callers call: {@code stream::get}. */
    String functionId() {
        return PREFIX + verb;
    }

    /** What the worker registers: {@code stream::get(todos)}. */
    FunctionKey of(String stream) {
        return new FunctionKey(Call.DEFAULT_NAMESPACE, functionId() + "(" + stream + ")");
    }

    /** The stream that a function of that id is for; null when it is none of this operation. */
    @Nullable String streamOf(String functionId) {
        String start = functionId() + "(";
        return functionId.startsWith(start) && functionId.endsWith(")")
                ? functionId.substring(start.length(), functionId.length() - 1)
                : null;
    }

    /** What is asked of the worker: the names that the caller gave, and nothing else of its input. */
    JsonBuilder request(Input input) {
        JsonBuilder request = JsonBuilder.object();
        names.forEach(name -> request.member(name, input.text(name)));
        return request;
    }

    boolean reads() {
        return this == GET || this == LIST || this == LIST_GROUPS;
    }

    ErrorCode error() {
        return error;
    }

    /** {@code Failed to get value: <cause>}. */
    String failed(String cause) {
        return "Failed to " + task + ": " + cause;
    }
}
