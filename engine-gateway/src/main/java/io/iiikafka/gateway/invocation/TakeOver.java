package io.iiikafka.gateway.invocation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka knows of a slot that comes to this gateway.
 *
 * @param position of the next delivery
 * @param uncertainUntil as of {@link SlotProgress}
 * @param predecessor a gateway that had it and did not hand it over; null: none
 */
record TakeOver(long position, long uncertainUntil, @Nullable String predecessor) {

    /**
     * Asks Kafka.
     *
     * @param patience for each of three questions
     * @throws KafkaException when it does not tell
     */
    static Map<TopicPartition, TakeOver> of(Set<TopicPartition> slots, Consumer<?, ?> consumer, Duration patience) {
        Map<TopicPartition, OffsetAndMetadata> marks = consumer.committed(slots, patience);
        Map<TopicPartition, Long> ends = consumer.endOffsets(slots, patience);
        Map<TopicPartition, TakeOver> known = new HashMap<>();
        for (TopicPartition slot : slots) {
            OffsetAndMetadata mark = marks.get(slot);
            CommitNote note = mark == null ? null : CommitNote.parse(mark.metadata());
            known.put(slot, of(note, consumer.position(slot, patience), requireNonNull(ends.get(slot))));
        }
        return known;
    }

    private static TakeOver of(@Nullable CommitNote note, long position, long end) {
        return note != null && note.handedOver()
                ? new TakeOver(position, Math.min(note.uncertainUntil(), end), null)
                : new TakeOver(position, end, note == null ? null : note.gateway());
    }
}
