package io.iiikafka.topology.keeper;

import java.util.Map;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.topology.record.Outcome;

/** What a command answers on which the keeper itself fails (spec: state.md 2.7, stream.md 3). */
public final class EngineFault {

    private record Kind(ErrorCode code, String what) {}

    private static final Kind LIST = new Kind(ErrorCode.LIST_ERROR, "Failed to list values");
    private static final Kind SCOPES = new Kind(ErrorCode.LIST_GROUPS_ERROR, "Failed to list groups");
    private static final Kind ITEMS = new Kind(ErrorCode.STREAM_GET_GROUP_ERROR, "Failed to get group");
    private static final Kind GROUPS = new Kind(ErrorCode.STREAM_LIST_GROUPS_ERROR, "Failed to list groups");
    private static final Kind STREAMS = new Kind(ErrorCode.STREAM_LIST_ALL_ERROR, "Failed to list stream");

    private static final Kind PUBLISH = new Kind(ErrorCode.PUBLISH_FAILED, "Failed to publish");
    private static final Kind REDRIVE = new Kind(ErrorCode.REDRIVE_FAILED, "Failed to redrive DLQ");
    private static final Kind DLQ_TOPICS = new Kind(ErrorCode.DLQ_TOPICS_FAILED, "Failed to list DLQ topics");

    /** Functions with a code of their own; lists also by the ids of their parts. */
    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("state::set", new Kind(ErrorCode.SET_ERROR, "Failed to set value")),
            Map.entry("state::get", new Kind(ErrorCode.GET_ERROR, "Failed to get value")),
            Map.entry("state::delete", new Kind(ErrorCode.DELETE_ERROR, "Failed to delete value")),
            Map.entry("state::update", new Kind(ErrorCode.UPDATE_ERROR, "Failed to update value")),
            Map.entry("state::compare-and-set", new Kind(ErrorCode.CAS_ERROR, "Failed to compare and set value")),
            Map.entry("state::list_keys_part", new Kind(ErrorCode.LIST_KEYS_ERROR, "Failed to list keys")),
            Map.entry("state::list", LIST),
            Map.entry("state::list_part", LIST),
            Map.entry(Page.NEXT, LIST),
            Map.entry("iii::state::groups_part", SCOPES),
            Map.entry("iii::state::groups_next", SCOPES),
            Map.entry("iii::durable::publish", PUBLISH),
            Map.entry("enqueue", PUBLISH),
            Map.entry("emit", PUBLISH),
            Map.entry("engine::queue::enqueue", new Kind(ErrorCode.ENQUEUE_ERROR, "Failed to enqueue")),
            Map.entry("iii::queue::redrive", REDRIVE),
            Map.entry("iii::queue::redrive_part", REDRIVE),
            Map.entry("iii::queue::redrive_next", REDRIVE),
            Map.entry(
                    "iii::queue::redrive_message",
                    new Kind(ErrorCode.REDRIVE_MESSAGE_FAILED, "Failed to redrive DLQ message")),
            Map.entry(
                    "iii::queue::discard_message",
                    new Kind(ErrorCode.DISCARD_MESSAGE_FAILED, "Failed to discard DLQ message")),
            Map.entry("engine::queue::topic_stats", new Kind(ErrorCode.TOPIC_STATS_FAILED, "Failed to get topic stats")),
            Map.entry("engine::queue::dlq_topics", DLQ_TOPICS),
            Map.entry("iii::queue::dlq_topics_part", DLQ_TOPICS),
            Map.entry(
                    "engine::queue::dlq_messages",
                    new Kind(ErrorCode.DLQ_MESSAGES_FAILED, "Failed to browse DLQ messages")),
            Map.entry("stream::set", new Kind(ErrorCode.STREAM_SET_ERROR, "Failed to set value")),
            Map.entry("stream::get", new Kind(ErrorCode.STREAM_GET_ERROR, "Failed to get value")),
            Map.entry("stream::delete", new Kind(ErrorCode.STREAM_DELETE_ERROR, "Failed to delete value")),
            Map.entry("stream::update", new Kind(ErrorCode.STREAM_UPDATE_ERROR, "Failed to update value")),
            Map.entry("stream::send", new Kind(ErrorCode.STREAM_SEND_ERROR, "Failed to send event")),
            Map.entry("stream::list", ITEMS),
            Map.entry("iii::stream::list_part", ITEMS),
            Map.entry("iii::stream::next", ITEMS),
            Map.entry("iii::stream::get_at_part", ITEMS),
            Map.entry("iii::stream::groups_part", GROUPS),
            Map.entry("iii::stream::groups_next", GROUPS),
            Map.entry("iii::stream::all_part", STREAMS),
            Map.entry("iii::stream::all_next", STREAMS));

    private EngineFault() {}

    static Outcome of(String functionId, Throwable cause) {
        return of(functionId, cause.toString());
    }

    /**
     * Pages of different lists are asked for by one function: where it fails, as the list's first page would have. Other
     * failures stay as they are.
     */
    public static Outcome ofPage(Outcome.Failure failure, String nextFunction, String partFunction) {
        Kind next = KINDS.get(nextFunction);
        String message = failure.error().message();
        return next != null
                        && failure.error().code().equals(next.code().code())
                        && message.startsWith(next.what() + ": ")
                ? of(partFunction, message.substring(next.what().length() + 2))
                : failure;
    }

    /** @param functionId of a list, also of its part */
    public static Outcome of(String functionId, String why) {
        // A private scope's function has the id of the one for all, behind a name of its own.
        Kind kind = KINDS.getOrDefault(functionId, KINDS.get(functionId.substring(functionId.lastIndexOf("::state::") + 2)));
        return kind == null
                ? Outcome.failure(ErrorCode.KEEPER_ERROR, functionId + " failed inside the engine: " + why)
                : Outcome.failure(kind.code(), kind.what() + ": " + why);
    }
}
