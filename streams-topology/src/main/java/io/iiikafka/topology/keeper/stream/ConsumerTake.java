package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Hands events of one partition, or of one group, to a member of a consumer group: {@code {"events":[…],"retry_at":ms,
 * "seen":n}}, or null when the partition does not know the consumer group. {@code retry_at} is when something that is
 * held now may be free; now, when not all events have been looked at; 0: when there are new ones.
 *
 * <p>Input: {@code stream_name}, {@code consumer_group}, {@code id}, {@code partition} or {@code group_id},
 * {@code member}, {@code max_events}, {@code lease_ms}.
 */
final class ConsumerTake extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_take";

    private static final int MOST_GROUPS = 1_000;
    private static final int LOOK_ON_MS = 100;
    private static final int WINDOW = 2_000;
    private static final int LONGEST_MEMBER = 1_024;
    private static final int MOST_BYTES = 4 << 20;

    ConsumerTake(ReplaySettings settings) {
        super(ID, "Hand events to a member", settings);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        rule(notes);
        ConsumerGroup consumers = opened(draft, notes, input.text("id"));
        if (consumers == null) {
            return Outcome.NO_VALUE;
        }
        Hand hand = new Hand(
                draft,
                notes,
                consumers,
                member(input),
                input.integer("max_events", 1, 500, 10),
                draft.nowMs() + input.integer("lease_ms", 1_000, 3_600_000, 30_000));
        String only = input.optionalText("group_id");
        List<String> groups = only == null ? ready(draft, notes) : List.of(only);
        for (String group : groups) {
            if (hand.isFull()) {
                break;
            }
            hand.take(group);
        }
        if (hand.count == 0 && groups.size() == MOST_GROUPS) {
            hand.goOnBehind(groups.getLast());
        }
        return new Outcome.Success(JsonBuilder.object(hand.bytes + 100)
                .member("events", hand.events.build())
                .member("retry_at", hand.retryAt == Long.MAX_VALUE ? 0 : hand.retryAt)
                .member("until", hand.until)
                .member("seen", draft.wakeCount(ConsumerWait.topic(notes.stream())))
                .build());
    }

    /** It is noted with each event that the member has. */
    private static String member(Input input) {
        String member = input.text("member");
        if (member.length() > LONGEST_MEMBER) {
            throw input.misfit("`member` is longer than " + LONGEST_MEMBER + " characters");
        }
        return member;
    }

    /** The groups with something to do, beginning behind the one that was served last. */
    private static List<String> ready(StreamDraft draft, ConsumerNotes notes) {
        String prefix = notes.allReady();
        String end = prefix.substring(0, prefix.length() - 1) + '0';
        RawJson last = draft.note(notes.served());
        String from = last == null ? prefix : prefix + last.text() + '\0';
        List<String> names = new ArrayList<>(draft.notes(from, end, MOST_GROUPS));
        if (names.size() < MOST_GROUPS) {
            names.addAll(draft.notes(prefix, from, MOST_GROUPS - names.size()));
        }
        return names.stream().map(name -> name.substring(prefix.length())).toList();
    }

    /** What one call gets. */
    private final class Hand {

        private final StreamDraft draft;
        private final ConsumerNotes notes;
        private final ConsumerGroup consumers;
        private final String member;
        private final long limit;
        private final long until;
        private final JsonBuilder events = JsonBuilder.array();
        private int count;
        private int bytes;
        private long notedBytes;
        private long retryAt = Long.MAX_VALUE;

        Hand(
                StreamDraft draft,
                ConsumerNotes notes,
                ConsumerGroup consumers,
                String member,
                long limit,
                long until) {
            this.draft = draft;
            this.notes = notes;
            this.consumers = consumers;
            this.member = member;
            this.limit = limit;
            this.until = until;
        }

        boolean isFull() {
            return count >= limit || bytes >= MOST_BYTES;
        }

        void take(String group) {
            StreamGroup of = new StreamGroup(notes.stream(), group);
            StreamLog.Bounds bounds = bounds(draft, of);
            ConsumerPosition position = ConsumerPosition.read(draft.note(notes.position(group)));
            notedBytes = position.itemBytes();
            int before = count;
            position.begin(bounds.earliest());
            again(group, position);
            Set<@Nullable String> held = new HashSet<>();
            long first = position.next();
            long last = Math.min(bounds.latest(), first + WINDOW);
            draft.stores().log().scan(of, first, last, true, entry -> {
                boolean wanted = entry.matches(consumers.item(), consumers.types());
                if (!wanted && !position.out().containsKey(entry.offset())) {
                    position.done(entry.offset());
                }
                return !wanted || position.isDone(entry.offset()) || offer(group, position, entry, held);
            });
            keep(draft, notes, group, position, bounds);
            if (last < bounds.latest() && position.next() > first) {
                retryAt = draft.nowMs(); // the next one sees further; where all is held it would see the same
            }
            if (count > before) {
                draft.note(notes.served(), RawJson.ofValue(group));
            }
        }

        /** There are more groups than are looked at at once, and none of these had anything: the next look begins there. */
        void goOnBehind(String group) {
            draft.note(notes.served(), RawJson.ofValue(group));
            retryAt = Math.min(retryAt, draft.nowMs() + LOOK_ON_MS);
        }

        /** Dead letters that are to be tried again; the log may have lost them. */
        private void again(String group, ConsumerPosition position) {
            new TreeMap<>(position.out()).forEach((offset, out) -> {
                if (!position.isTriedAgain(offset)) {
                    return;
                }
                if (out.isHeld(draft.nowMs())) {
                    retryAt = Math.min(retryAt, out.until());
                } else if (consumers.maxAttempts() > 0 && out.attempt() >= consumers.maxAttempts()) {
                    DeadLetter.stay(draft, notes, group, position, offset);
                } else if (!isFull()) {
                    handAgain(group, position, offset, out.attempt() + 1);
                }
            });
            for (String name : waiting(draft, notes, group, (int) Math.max(0, limit - count))) {
                long offset = ConsumerNotes.offset(name);
                if (!isFull() && notedBytes < MOST_BYTES && !position.out().containsKey(offset)) {
                    draft.note(name, null);
                    handAgain(group, position, offset, 1);
                }
            }
        }

        private void handAgain(String group, ConsumerPosition position, long offset, long attempt) {
            RawJson dead = draft.note(notes.dead(group, offset));
            if (dead == null) {
                position.out().remove(offset); // it was thrown away
                return;
            }
            RawJson record = Input.of("dead letter", dead).require("record");
            hand(group, position, new LogEntry(offset, 0, record), attempt);
        }

        /** Whether to look at the next event. */
        private boolean offer(
                String group, ConsumerPosition position, LogEntry entry, Set<@Nullable String> held) {
            ConsumerPosition.Out out = position.out().get(entry.offset());
            String sequence = consumers.ordering().equals(ConsumerGroup.BY_ITEM) ? entry.id() : null;
            if (out != null && out.isHeld(draft.nowMs())) {
                retryAt = Math.min(retryAt, out.until());
                held.add(sequence);
                return !consumers.ordering().equals(ConsumerGroup.BY_GROUP);
            }
            if (!consumers.ordering().equals(ConsumerGroup.UNORDERED) && held.contains(sequence)) {
                return true;
            }
            if (out == null && notedBytes >= MOST_BYTES) {
                return true; // their items' ids are noted in one record; behind it may be some that were handed out before
            }
            if (out != null && out.lease() != null) { // it has ended: what follows is taken back with it
                position.release(entry.offset(), 0, consumers.ordering(), out.error(), true);
            }
            long attempt = out == null ? 1 : out.attempt() + 1;
            if (consumers.maxAttempts() > 0 && attempt > consumers.maxAttempts()) {
                DeadLetter.bury(draft, notes, group, position, entry);
                return true;
            }
            if (isFull()) {
                return false; // of dead letters
            }
            hand(group, position, entry, attempt);
            return !isFull();
        }

        private void hand(String group, ConsumerPosition position, LogEntry entry, long attempt) {
            String lease = draft.position();
            ConsumerPosition.Out before = position.out().get(entry.offset());
            String error = before == null ? null : before.error();
            position.out()
                    .put(entry.offset(), new ConsumerPosition.Out(lease, member, attempt, until, entry.id(), error));
            JsonBuilder event = JsonBuilder.object(entry.record().length() + 100);
            entry.record().forEachMember(event::member);
            events.element(event.member("delivery_id", entry.offset() + "/" + lease + "/" + group)
                    .member("attempt", attempt)
                    .build());
            count++;
            notedBytes += entry.id() == null ? 0 : entry.id().length();
            bytes += entry.record().length() + 100;
        }
    }
}
