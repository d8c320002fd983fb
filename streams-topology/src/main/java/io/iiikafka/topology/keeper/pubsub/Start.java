package io.iiikafka.topology.keeper.pubsub;

/** Where in a topic a subscription begins: {@code from} of its config (spec: pubsub.md 9). */
sealed interface Start {

    /** {@code "earliest"}: the first event that is kept. */
    record Earliest() implements Start {}

    /** A time: the first event that is as old or newer, in epoch milliseconds. */
    record Since(long ms) implements Start {}

    /** {@code {"offset":n}}: this one, or the nearest that is kept. */
    record At(long offset) implements Start {}

    /** {@code "retained"}: the event that is retained, then what comes; told again to each registration. */
    record Retained() implements Start {}

    /** The offset of the first event that is told. */
    default long resolve(PubsubStores stores, String topic, TopicInfo info) {
        return switch (this) {
            case Earliest earliest -> info.earliest();
            case Since since -> stores.offsetAt(topic, info, since.ms());
            case Retained retained -> info.latest() + 1;
            case At at -> Math.clamp(at.offset(), info.earliest(), info.latest() + 1);
        };
    }
}
