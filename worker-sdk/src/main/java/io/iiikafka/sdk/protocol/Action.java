package io.iiikafka.sdk.protocol;

/** What a caller wants of a call beside running it (spec: protocol.md 5.2). Absent on the wire means {@link Sync}. */
public sealed interface Action {

    Sync SYNC = new Sync();
    Void VOID = new Void();

    /** Wait for the result: {@code action} absent or {@code null}. */
    record Sync() implements Action {}

    /** Fire and forget: {@code {"type":"void"}}. */
    record Void() implements Action {}

    /** Put on a queue and get a receipt: {@code {"type":"enqueue","queue":"payments"}}. */
    record Enqueue(String queue) implements Action {}
}
