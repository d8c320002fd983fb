package io.iiikafka.topology.record;

/**
 * The record headers of calls, deliveries and outcomes. They are public API: other applications may read them. All
 * values are UTF-8 text. The {@code ce_} names, {@code content-type}, {@code traceparent} and {@code baggage} make
 * every record a CloudEvents 1.0 event in binary mode; the {@code iii_} names are the engine's own.
 */
public final class HeaderNames {

    /** Always {@code 1.0}. */
    public static final String CE_SPECVERSION = "ce_specversion";
    /** The invocation id. */
    public static final String CE_ID = "ce_id";
    /** Who made the event: {@code /workers/<worker id>} or {@code /gateways/<gateway id>}; of a call, who called. */
    public static final String CE_SOURCE = "ce_source";
    /** Calls and deliveries: the function id. Outcomes: {@link #COMPLETED} or {@link #FAILED}. */
    public static final String CE_TYPE = "ce_type";
    /** Outcomes: the function id. */
    public static final String CE_SUBJECT = "ce_subject";
    /** When the record was made, RFC 3339 in UTC. */
    public static final String CE_TIME = "ce_time";
    /** Always {@code application/json}. */
    public static final String CONTENT_TYPE = "content-type";
    /** W3C trace context. */
    public static final String TRACEPARENT = "traceparent";
    /** W3C baggage. */
    public static final String BAGGAGE = "baggage";

    /** The namespace in which the function is looked up; absent means {@code default}. */
    public static final String NAMESPACE = "iii_namespace";
    /** {@code sync} (somebody waits on the origin slot) or {@code void}; absent means {@code void}. */
    public static final String ACTION = "iii_action";
    /**
     * Who asked, as {@code <gateway>/<slot>/<number>}: the partition of {@code results} on which that gateway waits, and
     * its number for the call, which together with the gateway identifies the call, whatever id the caller chose.
     */
    public static final String ORIGIN = "iii_origin";
    /** Epoch milliseconds after which nobody waits. */
    public static final String DEADLINE = "iii_deadline";
    /** The catalog offset that must be known before the call is routed. */
    public static final String POSITION = "iii_position";
    /** The caller's sidecar, JSON. */
    public static final String METADATA = "iii_metadata";
    /** How often the call was passed on because its worker was not where it was expected; absent means 0. */
    public static final String HOPS = "iii_hops";
    /** Deliveries: the partition and offset of the call in {@code invocations}, as {@code 3:1017}. */
    public static final String ROUTED_FROM = "iii_routed_from";

    /** Calls: a function that may veto this one by answering {@code false}; absent: none. */
    public static final String CONDITION = "iii_condition";
    /** Calls: the connection that is to run it as long as it serves the function; absent: any that does. */
    public static final String WORKER = "iii_worker";
    /**
     * Deliveries, once for each further call that the record stands for, which differs from the one that the other headers
     * describe in these members only: {@code {"id":<invocation id>,"function":…,"worker":…,"metadata":…,"baggage":…}}, the last three
     * where there are any, as in {@link #WORKER}, {@link #METADATA} and {@link #BAGGAGE}.
     */
    public static final String ALSO = "iii_also";
    /** Published events, and calls that tell of them: the topic. */
    public static final String TOPIC = "iii_topic";
    /** Values of state: 1 at the creation of the key, one more with each change. */
    public static final String VERSION = "iii_version";
    /** Values of state and items of streams: where it stands in the list of its scope or group. */
    public static final String ORDER = "iii_order";
    /**
     * Items of streams: the offset, in the log of the group, of the event that changed it last. Frames: that of the event;
     * {@code after 12} when it is not logged and came after that one. Published events: its offset in its topic.
     */
    public static final String OFFSET = "iii_offset";
    /** Values of state and items of streams: epoch milliseconds from which on it counts as, or is, removed; absent: never. */
    public static final String EXPIRES_AT = "iii_expires_at";
    /** Values of state: the revision of the scope that changed it last. */
    public static final String REVISION = "iii_revision";

    /** Jobs: what names the job through all that happens to it; absent: its place in the topic does. */
    public static final String RECEIPT = "iii_receipt";
    /** Jobs: the id of the function that is called; absent: the one that the queue names. */
    public static final String FUNCTION = "iii_function";
    /** Jobs: epoch milliseconds; absent: the time of the record. */
    public static final String ENQUEUED_AT = "iii_enqueued_at";

    /** {@link #CE_TYPE} of an outcome whose value is the function's result. */
    public static final String COMPLETED = "iii.invocation.completed";
    /** {@link #CE_TYPE} of an outcome whose value is an error: {@code {"code":"…","message":"…"}}. */
    public static final String FAILED = "iii.invocation.failed";

    /** {@link #CE_TYPE} of what a gateway's subscribers of a stream are sent. */
    public static final String FRAME = "iii.stream.frame";

    private HeaderNames() {}
}
