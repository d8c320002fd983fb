package io.iiikafka.topology.keeper.stream;

import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import org.jspecify.annotations.Nullable;

/** How far a consumer group is in one group of its stream. */
final class ConsumerPosition {

    /**
     * An event that was handed out and is not done with.
     *
     * @param lease which handing out it was; null: nobody has it
     * @param attempt how often it was handed out
     * @param until when the lease ends, or, where nobody has it, before when it is not handed out again
     * @param item what the event is about
     * @param error what a member said
     */
    record Out(
            @Nullable String lease,
            @Nullable String member,
            long attempt,
            long until,
            @Nullable String item,
            @Nullable String error) {

        /** Whether it must be left alone for now. */
        boolean isHeld(long nowMs) {
            return nowMs < until;
        }
    }

    private long next;
    private long skipped;
    private final NavigableMap<Long, Out> out = new TreeMap<>();
    private final NavigableSet<Long> done = new TreeSet<>();

    ConsumerPosition(long next) {
        this.next = next;
    }

    static ConsumerPosition read(@Nullable RawJson note) {
        if (note == null) {
            return new ConsumerPosition(1);
        }
        Input input = Input.of("position", note);
        ConsumerPosition position = new ConsumerPosition(input.integer("next", 0, Long.MAX_VALUE, 1));
        position.skipped = input.integer("skipped", 0, Long.MAX_VALUE, 0);
        input.elements("done").forEach(offset -> position.done.add(Long.parseLong(offset.toString())));
        input.objects("out").forEach(each -> position.out.put(
                each.integer("offset", 0, Long.MAX_VALUE, 0),
                new Out(
                        each.optionalText("lease"),
                        each.optionalText("member"),
                        each.integer("attempt", 0, Long.MAX_VALUE, 0),
                        each.integer("until", 0, Long.MAX_VALUE, 0),
                        each.optionalText("item"),
                        each.optionalText("error"))));
        return position;
    }

    RawJson toJson() {
        JsonBuilder outList = JsonBuilder.array();
        out.forEach((offset, each) -> outList.element(JsonBuilder.object()
                .member("offset", offset)
                .member("lease", each.lease())
                .member("member", each.member())
                .member("attempt", each.attempt())
                .member("until", each.until())
                .member("item", each.item())
                .member("error", each.error())
                .build()));
        JsonBuilder doneList = JsonBuilder.array();
        done.forEach(offset -> doneList.element(RawJson.of(Long.toString(offset))));
        return JsonBuilder.object()
                .member("next", next)
                .member("skipped", skipped)
                .member("out", outList.build())
                .member("done", doneList.build())
                .build();
    }

    /** The offset of the first event that is not done with. */
    long next() {
        return next;
    }

    /** How many events were gone before they could be handed out. */
    long skipped() {
        return skipped;
    }

    NavigableMap<Long, Out> out() {
        return out;
    }

    /** About what the ids of items take where it is noted. */
    long itemBytes() {
        return out.values().stream()
                .mapToLong(each -> each.item() == null ? 0 : each.item().length())
                .sum();
    }

    boolean isDone(long offset) {
        return offset < next && !out.containsKey(offset) || done.contains(offset);
    }

    void done(long offset) {
        out.remove(offset);
        if (offset >= next) {
            done.add(offset);
        }
        while (done.remove(next)) {
            next++;
        }
    }

    /** Whether it was done with before and is a dead letter that is tried again, out of turn. */
    boolean isTriedAgain(long offset) {
        return offset < next || done.contains(offset);
    }

    /**
     * Takes an event back; those that were handed out behind it, and must come after it, too.
     *
     * @param counts whether it was an attempt
     */
    void release(long offset, long until, String ordering, @Nullable String error, boolean counts) {
        Out failed = out.get(offset);
        if (failed == null) {
            return; // nobody has it
        }
        out.put(offset, new Out(null, null, failed.attempt() - (counts ? 0 : 1), until, failed.item(), error));
        if (!ordering.equals(ConsumerGroup.UNORDERED) && !isTriedAgain(offset)) {
            out.tailMap(offset + 1).replaceAll((later, each) -> {
                boolean follows = ordering.equals(ConsumerGroup.BY_GROUP) || Objects.equals(each.item(), failed.item());
                return follows && each.lease() != null && !isTriedAgain(later)
                        ? new Out(null, null, each.attempt() - 1, 0, each.item(), each.error())
                        : each;
            });
        }
    }

    /** What is no longer kept cannot be handed out, except dead letters: they were done with, and are kept elsewhere. */
    void begin(long earliest) {
        if (next < earliest) {
            long gone = earliest - next - done.headSet(earliest).size();
            skipped += Math.max(0, gone);
            to(earliest);
        }
    }

    /** Everything before the offset is done with; dead letters that are tried again are settled one by one. */
    void to(long offset) {
        if (offset > next) {
            out.subMap(next, offset).keySet().removeIf(each -> !isTriedAgain(each));
            next = offset;
        }
        done.headSet(next).clear();
        while (done.remove(next)) {
            next++;
        }
    }

    /** Begins anew there; nobody has anything any more. */
    void seek(long offset) {
        next = offset;
        out.clear();
        done.clear();
    }
}
