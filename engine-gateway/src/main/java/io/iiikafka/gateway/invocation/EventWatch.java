package io.iiikafka.gateway.invocation;

/** Is told what becomes of calls that tell of events of pub/sub, to count them. Any thread; must be quick. */
public interface EventWatch {

    /** Counts nothing. */
    EventWatch NONE = new EventWatch() {};

    /** The function was called and returned without an error. */
    default void delivered(String topic) {}

    /** The function failed, or its worker left, or nobody serves it. */
    default void failed(String topic) {}

    /** It waited too long, or too many others came while it waited. */
    default void dropped(String topic) {}
}
