package io.iiikafka.topology.keeper.queue;

import io.iiikafka.sdk.protocol.RawJson;

/** What discovery says of inputs and results (spec: queue.md 4). */
final class QueueSchemas {

    static final RawJson ENQUEUE = object("""
            "queue":{"type":"string","description":"Name of the queue"},
            "function_id":{"type":"string","description":"What is called"},
            "data":{"description":"Its payload"},
            "messageReceiptId":{"type":"string","description":"Names the job from now on"},
            "traceparent":{"type":["string","null"]},
            "baggage":{"type":["string","null"]},
            "namespace":{"type":"string","description":"Where the function is; default: default"},
            "metadata":{"description":"Handed to the function beside the payload"},
            "options":{"type":"object","description":"delay_ms, deliver_at, priority, group, ttl_ms and the like"}""",
            "\"queue\",\"function_id\",\"data\",\"messageReceiptId\"");

    static final RawJson ENQUEUE_OPTIONS = object("""
            "queue":{"type":"string","description":"Name of the queue"},
            "function_id":{"type":"string","description":"What is called"},
            "data":{"description":"Its payload"},
            "namespace":{"type":"string","description":"Where the function is; default: default"},
            "metadata":{"description":"Handed to the function beside the payload"},
            "options":{"type":"object","properties":{
            "delay_ms":{"type":"integer","description":"Not delivered earlier"},
            "deliver_at":{"description":"Not delivered earlier: RFC 3339, or milliseconds since the epoch"},
            "priority":{"type":"integer","description":"0 to 9; higher first"},
            "dedup_key":{"type":"string","description":"Of jobs with the same key only the first is kept"},
            "dedup_window_ms":{"type":"integer","description":"For so long; default 300000"},
            "dedup_mode":{"type":"string","enum":["drop","replace","until_done"]},
            "group":{"type":"string","description":"Jobs of a group run one after the other"},
            "ttl_ms":{"type":"integer","description":"Given up if not started by then"},
            "max_attempts":{"type":"integer"},
            "backoff_ms":{"type":"integer"},
            "backoff_type":{"type":"string","enum":["fixed","exponential"]},
            "max_backoff_ms":{"type":"integer"},
            "jitter":{"type":"number","description":"0 to 1"},
            "timeout_ms":{"type":"integer"}}}""", "\"queue\",\"function_id\",\"data\"");

    static final RawJson JOB = object("""
            "id":{"type":"string","description":"The receipt"},
            "status":{"type":"string","enum":["waiting","delayed","held","active","dead","unknown"]},
            "attempts":{"type":"integer"},
            "enqueued_at":{"type":"integer","description":"Milliseconds since the epoch"},
            "next_at":{"type":"integer","description":"When it is tried next"},
            "error":{"type":"string","description":"Of the last attempt"}""", "\"id\",\"status\"");

    static final RawJson CANCELLED = object("""
            "cancelled":{"type":"integer","description":"1, or 0 when it is not there"}""", "\"cancelled\"");

    static final RawJson LIST = object("""
            "queue":{"type":"string","description":"Name of the queue or topic"},
            "state":{"type":"string","enum":["waiting","held","delayed","active","dead","all"]},
            "group":{"type":"string"},
            "offset":{"type":"integer","default":0},
            "limit":{"type":"integer","default":50}""", "\"queue\"");

    static final RawJson JOBS = array("""
            "id":{"type":"string","description":"The receipt"},
            "status":{"type":"string"},
            "payload":{}""", "\"id\",\"status\"");

    static final RawJson PAUSED = object("""
            "queue":{"type":"string"},
            "paused":{"type":"boolean"}""", "\"queue\",\"paused\"");

    static final RawJson EXTEND = object("""
            "message_id":{"type":"string","description":"The receipt"},
            "ms":{"type":"integer","description":"From now on"}""", "\"message_id\"");

    static final RawJson EXTENDED = object("""
            "extended":{"type":"integer","description":"1, or 0 when it does not run"}""", "\"extended\"");

    static final RawJson CLEAR = object("""
            "queue":{"type":"string","description":"Name of the queue or topic"},
            "state":{"type":"string","enum":["waiting","held","delayed","dead","all"]},
            "message_ids":{"type":"array","items":{"type":"string"}},
            "older_than":{"type":"integer","description":"Milliseconds since the epoch"}""", "\"queue\"");

    static final RawJson CLEARED = object("""
            "queue":{"type":"string"}""", "\"queue\"");

    static final RawJson RECEIPT = object("""
            "messageReceiptId":{"type":"string","description":"Names the job"}""", "\"messageReceiptId\"");

    static final RawJson PUBLISH = object("""
            "topic":{"type":"string","description":"Each subscription to it gets the message"},
            "data":{"description":"The message"},
            "key":{"type":"string","description":"Messages of the same key are delivered one after the other"},
            "delay_ms":{"type":"integer","description":"Not delivered earlier"},
            "priority":{"type":"integer","description":"0 to 9; higher first"}""", "\"topic\",\"data\"");

    static final RawJson QUEUE = object("""
            "queue":{"type":"string","description":"Name of the queue or topic"}""", "\"queue\"");

    static final RawJson REDRIVE = object("""
            "queue":{"type":"string","description":"Name of the queue or topic"},
            "message_ids":{"type":"array","items":{"type":"string"},"description":"Receipts; absent: all"},
            "max":{"type":"integer","minimum":1},
            "rate_per_s":{"type":"integer","minimum":1,"description":"So many of them are tried in a second"},
            "to_function":{"type":"string","description":"Called instead"},
            "to_queue":{"type":"string","description":"The named queue whose jobs they become"},
            "older_than":{"type":"integer","description":"Given up before, in epoch milliseconds"},
            "error_contains":{"type":"string"}""", "\"queue\"");

    static final RawJson REDRIVEN = object("""
            "queue":{"type":"string"},
            "remaining":{"type":"integer","description":"How many are left; if more than queue was given"},
            "redriven":{"type":"integer","description":"How many were moved back"}""", "\"queue\",\"redriven\"");

    static final RawJson MESSAGE = object("""
            "queue":{"type":"string","description":"Name of the queue or topic"},
            "message_id":{"type":"string","description":"The receipt"}""", "\"queue\",\"message_id\"");

    static final RawJson MOVED = object("""
            "queue":{"type":"string"},
            "message_id":{"type":"string"},
            "redriven":{"type":"integer","description":"1, or 0 when it is not there"}""",
            "\"queue\",\"message_id\",\"redriven\"");

    static final RawJson TOPIC = object("""
            "topic":{"type":"string","description":"Name of the topic or queue"}""", "\"topic\"");

    static final RawJson STATS = object("""
            "depth":{"type":"integer","description":"Waiting and in flight"},
            "consumer_count":{"type":"integer"},
            "dlq_depth":{"type":"integer"},
            "config":{},
            "delivered":{"type":"integer","description":"Since the keeper started"},
            "failed":{"type":"integer","description":"Since the keeper started"},
            "delayed":{"type":"integer","description":"Waiting for a time"}""",
            "\"depth\",\"consumer_count\",\"dlq_depth\"");

    static final RawJson NOTHING = object("", "");

    static final RawJson DLQ_TOPICS = array("""
            "topic":{"type":"string"},
            "broker_type":{"type":"string"},
            "message_count":{"type":"integer"}""", "\"topic\",\"broker_type\",\"message_count\"");

    static final RawJson DLQ_PAGE = object("""
            "topic":{"type":"string","description":"Name of the topic or queue"},
            "offset":{"type":"integer","default":0},
            "limit":{"type":"integer","default":50}""", "\"topic\"");

    static final RawJson DLQ_MESSAGES = array("""
            "id":{"type":"string","description":"The receipt"},
            "payload":{},
            "error":{"type":"string"},
            "failed_at":{"type":"integer","description":"Seconds since the epoch"},
            "retries":{"type":"integer","description":"Deliveries made"},
            "size_bytes":{"type":"integer"}""", "\"id\",\"payload\",\"error\",\"failed_at\",\"retries\",\"size_bytes\"");

    private QueueSchemas() {}

    private static RawJson object(String properties, String required) {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\",\"properties\":{"
                + properties.replace("\n", "") + "},\"required\":[" + required + "]}");
    }

    private static RawJson array(String properties, String required) {
        return RawJson.of("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"array\",\"items\":{"
                + "\"type\":\"object\",\"properties\":{" + properties.replace("\n", "") + "},\"required\":[" + required
                + "]}}");
    }
}
