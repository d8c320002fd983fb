package io.iiikafka.topology.keeper.pubsub;

/** Is told what is published, to count it. Called on keeper threads; must be quick. */
public interface PubsubWatch {

    /** Counts nothing. */
    PubsubWatch NONE = new PubsubWatch() {};

    /** An event of the topic was published. */
    default void published(String topic) {}

    /** So many subscriptions are told of an event of the topic. */
    default void told(String topic, int subscriptions) {}
}
