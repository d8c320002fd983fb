package io.iiikafka.topology.keeper.queue;

import java.util.HashSet;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.job.DeadLetters;
import org.jspecify.annotations.Nullable;

/** Which dead letters are to be moved back, and how far that is (spec: queue.md 12.4). Used once, for one page. */
final class RedriveWish {

    private static final String[] MEMBERS = {
        "queue", "topic", "message_ids", "max", "rate_per_s", "to_function", "to_queue", "older_than", "error_contains"
    };

    private final Input input;
    private final String queue;
    private final Set<String> ids = new HashSet<>();
    private final String after;
    private final long untilMs;
    private final long olderThanMs;
    private final long most;
    private final long perSecond;
    private final long before;
    private long movedNow;

    private RedriveWish(Input input, String after, long untilMs, long before) {
        this.input = input;
        String given = QueueName.given(input);
        this.queue = given == null ? "" : given;
        input.elements("message_ids").forEach(each -> {
            String id = each.text();
            if (id == null) {
                throw input.misfit("invalid type in `message_ids`, expected strings");
            }
            ids.add(id);
        });
        this.after = after;
        this.untilMs = untilMs;
        this.olderThanMs = input.integer("older_than", 0, Long.MAX_VALUE, Long.MAX_VALUE);
        this.most = input.integer("max", 1, Long.MAX_VALUE, Long.MAX_VALUE);
        this.perSecond = input.integer("rate_per_s", 1, 1_000_000, 0);
        this.before = before;
    }

    /**
     * @param after the key of the last one that was looked at
     * @param untilMs those that were given up later stay
     * @param moved so many were moved before
     */
    static RedriveWish of(Input input, String after, long untilMs, long moved) {
        return new RedriveWish(input, after, untilMs, moved);
    }

    RedriveWish after(String key) {
        return new RedriveWish(input, key, untilMs, before + movedNow);
    }

    String queue() {
        return queue;
    }

    String after() {
        return after;
    }

    long untilMs() {
        return untilMs;
    }

    /** Whether more than the name of the queue was given. */
    boolean isSpecial() {
        for (int i = 2; i < MEMBERS.length; i++) {
            if (input.find(MEMBERS[i]) != null) {
                return true;
            }
        }
        return false;
    }

    @Nullable String function() {
        return input.optionalText("to_function");
    }

    /** The named queue whose jobs they become; null: the one that they were in. */
    @Nullable String toQueue() {
        String to = input.optionalText("to_queue");
        return to == null ? null : QueueName.owner(to);
    }

    boolean takes(DeadLetters.Letter letter) {
        String part = input.optionalText("error_contains");
        return (ids.isEmpty() || ids.contains(letter.receipt()))
                && letter.failedAtMs() < olderThanMs
                && (part == null || letter.error().contains(part));
    }

    /** When the next one may be tried; 0: at once. */
    long notBeforeMs(long nowMs) {
        return perSecond == 0 ? 0 : nowMs + (before + movedNow) * 1_000 / perSecond;
    }

    boolean isEnough() {
        return before + movedNow >= most;
    }

    void moved() {
        movedNow++;
    }

    long movedNow() {
        return movedNow;
    }

    /** From which it goes on. */
    String cursor() {
        JsonBuilder given = JsonBuilder.object();
        for (String name : MEMBERS) {
            if (input.find(name) != null) {
                given.member(name, input.find(name));
            }
        }
        return JsonBuilder.object()
                .member("input", given.build())
                .member("after", after)
                .member("until", untilMs)
                .member("moved", before + movedNow)
                .build()
                .toString();
    }
}
