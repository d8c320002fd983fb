package io.iiikafka.sdk.protocol;

/**
 * Every error code that the engine itself answers with; functions may answer with codes of their own. The text is what
 * user code compares, in exactly this case (spec: protocol.md 5.9).
 */
public enum ErrorCode {
    FUNCTION_NOT_FOUND("function_not_found", true, "No live worker serves the function in that namespace."),
    INVOCATION_STOPPED(
            "invocation_stopped",
            false,
            "The worker went away while the call was with it, or Kafka did not acknowledge it; it may have run."),
    INVOCATION_TIMEOUT("invocation_timeout", false, "The call's deadline passed without an answer; it may have run."),
    INVALID_FRAME("invalid_frame", false, "The message was a call, but could not be decoded."),
    PAYLOAD_TOO_LARGE("payload_too_large", false, "The payload exceeds a limit; use a channel for large data."),
    OVERLOADED("overloaded", true, "A limit of calls in flight is reached; retry after a pause."),
    ENGINE_UNAVAILABLE("engine_unavailable", true, "Kafka did not accept or route the call in time; it was not run."),
    ENQUEUE_ERROR("enqueue_error", true, "The queue provider is missing or refused the job."),
    TIMEOUT("timeout", false, "A delivery of a job was not answered in the time that its queue gives."),
    EXPIRED("expired", false, "The job was not started within its `ttl_ms`."),
    UNREADABLE_RECORD("unreadable_record", false, "A record of a Kafka topic is not in the format that its trigger names, or no job of its queue."),
    DELIVERY_LIMIT("delivery_limit", false, "Gateways ended again and again while they had the job, before they could begin it."),
    PRODUCE_FAILED("produce_failed", true, "Kafka did not take the record."),
    TOPIC_NOT_SET("topic_not_set", false, "A message was published without a topic."),
    QUEUE_NOT_SET("queue_not_set", false, "The queue or topic is not named."),
    MESSAGE_ID_NOT_SET("message_id_not_set", false, "The job is not named: give the receipt of its enqueue."),
    TOPIC_REQUIRED("topic_required", false, "The topic or queue to look at is not named."),
    PUBLISH_FAILED(
            "publish_failed",
            true,
            "The message is not known to be stored: Kafka did not take it or did not say so, or the keeper failed (see its log)."),
    REDRIVE_FAILED("redrive_failed", true, "The keeper failed to move the dead letters back; its log says why."),
    REDRIVE_MESSAGE_FAILED(
            "redrive_message_failed", true, "The keeper failed to move the dead letter back; its log says why."),
    DISCARD_MESSAGE_FAILED(
            "discard_message_failed", true, "The keeper failed to discard the dead letter; its log says why."),
    TOPIC_STATS_FAILED("topic_stats_failed", true, "The keeper failed to count the jobs; its log says why."),
    DLQ_TOPICS_FAILED("dlq_topics_failed", true, "The keeper failed to count the dead letters; its log says why."),
    DLQ_MESSAGES_FAILED("dlq_messages_failed", true, "The keeper failed to read the dead letters; its log says why."),
    INVALID_QUEUE("invalid_queue", false, "A queue's definition does not hold together; the message says why."),
    INVALID_NAMESPACE("INVALID_NAMESPACE", false, "A namespace was named and left blank."),
    INVALID_ARGUMENTS("INVALID_ARGUMENTS", false, "The input of an engine function contradicts itself."),
    NOT_FOUND("NOT_FOUND", false, "What an engine function was asked for does not exist."),
    FORBIDDEN("FORBIDDEN", false, "The session may not do this."),
    DESERIALIZATION_ERROR("deserialization_error", false, "The input of an engine function does not fit its schema."),
    SERIALIZATION_ERROR("serialization_error", false, "A result or an error could not be read."),
    VALUE_TOO_LARGE("VALUE_TOO_LARGE", false, "The value is longer than the configured `max_value_bytes`."),
    VERSION_MISMATCH("VERSION_MISMATCH", false, "The key is not at the version in `if_version`; read it again."),
    CROSS_SCOPE("CROSS_SCOPE", false, "What was asked spans partitions; keep to one scope that is not sharded."),
    TX_TIMEOUT(
            "TX_TIMEOUT",
            true,
            "A transaction was not answered in time and may be committed; repeat it with its `idempotency_key`."),
    TX_TOO_LARGE("TX_TOO_LARGE", false, "A transaction has too many parts or bytes; split it."),
    FENCED("FENCED", false, "Somebody else has got the lease since; acquire it again before writing."),
    INVALID_CURSOR("INVALID_CURSOR", false, "The cursor is used up, too old, or of another listing; start over."),
    INVALID_PAGE_LIMITS("INVALID_PAGE_LIMITS", false, "`limit` or `max_bytes` of a listing is out of range."),
    UNKNOWN_CALLER("UNKNOWN_CALLER", false, "Only a connected worker may call this function."),
    SNAPSHOT_CAPACITY("SNAPSHOT_CAPACITY", true, "The gateway holds as many listings as it may; retry later."),
    SET_ERROR(
            "SET_ERROR", false, "The keeper failed to set the value; its log says why. It may have been set: read it."),
    GET_ERROR("GET_ERROR", false, "The keeper failed to read the value; its log says why."),
    DELETE_ERROR(
            "DELETE_ERROR", false, "The keeper failed to delete the value; its log says why. It may be gone: read it."),
    UPDATE_ERROR(
            "UPDATE_ERROR",
            false,
            "The keeper failed to update the value; its log says why. It may have been changed: read it."),
    LIST_GROUPS_ERROR("LIST_GROUPS_ERROR", true, "The scopes could not be read; retry."),
    CAS_ERROR(
            "CAS_ERROR",
            false,
            "The keeper failed to compare and set the value; its log says why. It may have been set: read it."),
    LIST_KEYS_ERROR("LIST_KEYS_ERROR", true, "The keys of the scope could not be read; retry."),
    LIST_ENTRIES_ERROR("LIST_ENTRIES_ERROR", true, "The scope could not be read page by page; begin anew."),
    LIST_ERROR("LIST_ERROR", true, "A long list could not be read to its end; retry."),
    ROW_TOO_LARGE("ROW_TOO_LARGE", false, "One row does not fit into `max_bytes`; ask with more."),
    RESERVED_SCOPE("RESERVED_SCOPE", false, "The scope is private to the workers that claimed it."),
    INVALID_SCOPE("INVALID_SCOPE", false, "The scope is empty, or not one that the prefix has claimed."),
    INVALID_PREFIX("INVALID_PREFIX", false, "A prefix of functions consists of letters, digits, `_` and `-`."),
    SCOPE_CONFLICT("SCOPE_CONFLICT", false, "Others have claimed the scope before."),
    CALLER_LOOKUP_ERROR("CALLER_LOOKUP_ERROR", true, "The calling worker is not known yet, or no longer."),
    CLAIM_PERSIST_ERROR("CLAIM_PERSIST_ERROR", true, "The claim was not published; repeat it."),
    FORK_NOT_FOUND("FORK_NOT_FOUND", false, "The scope is no fork, or no longer."),
    FORK_EXISTS("FORK_EXISTS", false, "The name of the fork is in use."),
    FORK_DEPTH("FORK_DEPTH", false, "Forks of forks go eight deep; merge before you fork again."),
    FORK_IN_USE("FORK_IN_USE", false, "The fork has forks itself."),
    REVISION_GONE("REVISION_GONE", false, "What was then is not kept any more, or never was."),
    BARRIER_CONFIG("BARRIER_CONFIG", false, "The barrier's `condition_config` is missing."),
    BARRIER_ERROR("BARRIER_ERROR", false, "The barrier's config, event or stored arrivals do not fit."),
    STREAM_SET_ERROR(
            "STREAM_SET_ERROR",
            false,
            "The worker that keeps the stream, or the keeper, failed to set the item; it may be set: read it."),
    STREAM_UPDATE_ERROR(
            "STREAM_UPDATE_ERROR",
            false,
            "The worker that keeps the stream, or the keeper, failed to update the item; read it."),
    STREAM_DELETE_ERROR(
            "STREAM_DELETE_ERROR",
            false,
            "The worker that keeps the stream, or the keeper, failed to delete the item; read it."),
    STREAM_GET_ERROR(
            "STREAM_GET_ERROR",
            true,
            "The worker that keeps the stream did not answer in time, or the keeper failed; retry."),
    STREAM_GET_GROUP_ERROR(
            "STREAM_GET_GROUP_ERROR",
            true,
            "The worker that keeps the stream did not list in time, or the keeper failed; retry."),
    STREAM_LIST_GROUPS_ERROR(
            "STREAM_LIST_GROUPS_ERROR",
            true,
            "The worker that keeps the stream did not list its groups in time, or the keeper failed; retry."),
    STREAM_LIST_ALL_ERROR("STREAM_LIST_ALL_ERROR", true, "The streams could not be read; retry."),
    STREAM_SEND_ERROR(
            "STREAM_SEND_ERROR",
            false,
            "The keeper failed to send the event; its log says why. It may have been sent."),
    STREAM_PROVIDER_UNAVAILABLE(
            "STREAM_PROVIDER_UNAVAILABLE", true, "The worker that keeps the stream is gone; nothing was changed."),
    JSON_ERROR("JSON_ERROR", false, "The worker that keeps the stream answered with the wrong shape."),
    OFFSET_OUT_OF_RANGE("OFFSET_OUT_OF_RANGE", false, "The log of the group does not reach back, or on, to there."),
    REPLAY_DISABLED("REPLAY_DISABLED", false, "No log is kept of this stream, as configured by `replay`."),
    CONSUMER_GROUP_CONFLICT(
            "CONSUMER_GROUP_CONFLICT", false, "The consumer group was created with other settings; keep to them."),
    KEEPER_ERROR(
            "KEEPER_ERROR",
            false,
            "The engine itself failed on the call; its log says why. Read what it was to change: it may have done so."),
    TRIGGER_REGISTRATION_FAILED("trigger_registration_failed", false, "The provider refused the trigger's config."),
    UNREGISTER_FAILED("unregister_failed", true, "The provider could not end the trigger."),
    FUNCTION_NAMESPACE_CONFLICT("FUNCTION_NAMESPACE_CONFLICT", false, "Another live worker owns the function id."),
    WORKER_NAMESPACE_CONFLICT("WORKER_NAMESPACE_CONFLICT", false, "Another live worker holds the worker name.");

    private final String code;
    private final boolean retryable;
    private final String meaning;

    ErrorCode(String code, boolean retryable, String meaning) {
        this.code = code;
        this.retryable = retryable;
        this.meaning = meaning;
    }

    /** The code on the wire. */
    public String code() {
        return code;
    }

    /** Whether the same call may succeed when sent again, without harm. */
    public boolean retryable() {
        return retryable;
    }

    /** One sentence for the reader of the error table. */
    public String meaning() {
        return meaning;
    }

    public ErrorBody body(String message) {
        return new ErrorBody(code, message);
    }
}
