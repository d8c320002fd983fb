package io.iiikafka.gateway.conformance;

import java.util.Locale;

/** What a driver is asked to do, in this order. The drivers know a scenario by {@link #id()}. */
enum Scenario {
    CALL,
    CALL_BETWEEN,
    SCALARS,
    VOID,
    HANDLER_ERROR,
    /** A handler answers with an error code of its own. */
    OWN_CODE,
    NOT_FOUND,
    CALLER_TIMEOUT,
    METADATA,
    /** 8 MiB both ways. */
    LARGE_PAYLOAD,
    /** For SDKs that break on a frame above 1 MiB: the engine refuses the call and spares the connection. */
    PAYLOAD_LIMIT,
    UNICODE,
    CHANNEL_BYTES,
    CHANNEL_TEXT,
    HTTP_GET,
    HTTP_POST,
    HTTP_ERROR,
    HTTP_STREAM,
    HTTP_UPLOAD,
    /** An HTTP body above 1 MiB for an SDK that breaks on it. */
    HTTP_LARGE_JSON,
    TRIGGER_METADATA,
    TRIGGER_TYPE,
    TRIGGER_TYPE_UNREGISTER,
    TRIGGER_PARKED,
    FUNCTIONS_AVAILABLE,
    LIST_FUNCTIONS,
    LIST_WORKERS,
    LIST_TRIGGERS,
    STATE,
    /** Every operation, and 100 at once. */
    STATE_UPDATE,
    /** With conditions: a function's, an expression's. */
    STATE_TRIGGER,
    STREAM,
    STREAM_TRIGGER,
    /** The worker keeps the items of a stream itself. */
    STREAM_SERVED,
    /** Topics and jobs, both tried again; with a delay where the SDK lets it through. */
    QUEUE,
    /** Ticks of every second, with the Node SDK. */
    CRON,
    UNREGISTER,
    /** The socket of a worker with a call in flight is cut without a good-bye. */
    SOCKET_LOSS,
    /** For all drivers at once: the engine stops and starts again on the same ports and data. */
    RESTART,
    /** Last: the routes are there again, too. */
    HTTP_AFTER_RESTART;

    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
