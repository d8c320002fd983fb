package io.iiikafka.topology.keeper.queue;

import java.util.List;

import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DeadLetters;
import org.jspecify.annotations.Nullable;

/**
 * What a caller calls a queue or a topic: a plain name is the named queue if there is one, else the topic;
 * {@code __fn_queue::<name>} is the queue in any case (spec: queue.md 7).
 */
final class QueueName {

    private static final String PREFIX = "__fn_queue::";

    private QueueName() {}

    /** The key by which a queue, and a topic of the same name, have their partition. */
    static String owner(String given) {
        return given.startsWith(PREFIX) ? given.substring(PREFIX.length()) : given;
    }

    /** Where its dead letters are. */
    static DeadLetters.Place place(String given, QueueWork work) {
        String name = owner(given);
        boolean queue = given.startsWith(PREFIX) || work.agreements().find(EntryKey.queue(name)) != null;
        return new DeadLetters.Place(!queue, name);
    }

    /** The keys of the queue, or of all subscriptions to the topic. */
    static List<String> keys(DeadLetters.Place place, QueueWork work) {
        return place.topic()
                ? work.subscriptions().of(place.name()).stream()
                        .map(each -> each.key())
                        .toList()
                : List.of(EntryKey.queue(place.name()));
    }

    /** {@code queue}, or its alias {@code topic}; null when neither is there. */
    static @Nullable String given(Input input) {
        String queue = input.optionalText("queue");
        return queue == null ? input.optionalText("topic") : queue;
    }
}
