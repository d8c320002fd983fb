package io.iiikafka.sdk.protocol;

import org.jspecify.annotations.Nullable;

/** What a caller wants of a call beside running it (spec: protocol.md 5.2). Absent on the wire means {@link Sync}. */
public sealed interface Action {

    Sync SYNC = new Sync();
    Void VOID = new Void();

    /** Wait for the result: {@code action} absent or {@code null}. */
    record Sync() implements Action {}

    /** Fire and forget: {@code {"type":"void"}}. */
    record Void() implements Action {}

    /**
     * Put on a queue and get a receipt: {@code {"type":"enqueue","queue":"payments"}}.
     *
     * @param all the whole action where it has further members, which may be options (spec: queue.md 12.1); else null
     */
    record Enqueue(String queue, @Nullable RawJson all) implements Action {

        public Enqueue(String queue) {
            this(queue, null);
        }
    }
}
