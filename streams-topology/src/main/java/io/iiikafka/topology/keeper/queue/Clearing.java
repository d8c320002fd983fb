package io.iiikafka.topology.keeper.queue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code iii::queue::purge} takes jobs away that do not run, {@code iii::queue::discard} dead letters (spec: queue.md
 * 12.4); some hundred at a time, with other commands in between. What comes meanwhile stays.
 */
final class Clearing extends QueueFunction {

    static final String PURGE = "iii::queue::purge";
    static final String DISCARD = "iii::queue::discard";
    static final String PURGE_PART = "iii::queue::purge_part";
    static final String DISCARD_PART = "iii::queue::discard_part";
    static final String NEXT = "iii::queue::clear_next";

    private static final int PAGE = 500;
    private static final long LONGEST_ANSWER = 1024 * 1024;

    Clearing(String id) {
        super(
                id,
                id.equals(DISCARD) ? "Take dead letters away" : "Take the jobs of a queue or topic away",
                QueueSchemas.CLEAR,
                QueueSchemas.CLEARED);
    }

    @Override
    Placement placement(Call call, String owner) {
        String given = QueueName.given(Input.of(call));
        if (!call.reply() || given == null || given.isEmpty()) {
            return new Placement.Owner(owner);
        }
        boolean purge = id().equals(PURGE);
        return new Placement.Listing(owner, purge ? PURGE_PART : DISCARD_PART, NEXT, LONGEST_ANSWER, "", parts -> {
            long gone = parts.stream().mapToLong(Clearing::number).sum();
            return JsonBuilder.object()
                    .member("queue", given)
                    .member(purge ? "purged" : "discarded", gone)
                    .build();
        });
    }

    private static long number(RawJson part) {
        long[] number = new long[1];
        part.forEachElement(each -> number[0] = Long.parseLong(each.toString()));
        return number[0];
    }

    @Override
    String next() {
        return NEXT;
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        if (id().equals(NEXT)) {
            if (input.flag("close")) {
                return new Outcome.Success(RawJson.NULL);
            }
            Input cursor = Input.of(id(), RawJson.of(input.text("cursor")));
            Input first = Input.of(id(), cursor.require("input"));
            long untilMs = cursor.integer("until", 0, Long.MAX_VALUE, 0);
            return page(first, cursor.flag("dead"), cursor.text("after"), untilMs, work);
        }
        required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
        boolean dead = id().equals(DISCARD) || id().equals(DISCARD_PART) || "dead".equals(ListJobs.state(input, false));
        return page(input, dead, "", work.nowMs(), work);
    }

    private Outcome page(Input input, boolean dead, String after, long untilMs, QueueWork work) {
        String given = QueueName.given(input);
        DeadLetters.Place place = QueueName.place(given == null ? "" : given, work);
        if (dead) {
            return discard(input, place, after, untilMs, work);
        }
        int gone = 0;
        for (String key : QueueName.keys(place, work)) {
            gone += work.operations().purge(key, ListJobs.state(input, false), untilMs, PAGE - gone, work.nowMs());
        }
        return answer(gone, gone < PAGE ? null : cursor(input, false, "", untilMs));
    }

    private Outcome discard(Input input, DeadLetters.Place place, String after, long untilMs, QueueWork work) {
        Set<String> ids = new HashSet<>();
        input.elements("message_ids").forEach(each -> ids.add(String.valueOf(each.text())));
        long olderThanMs = input.integer("older_than", 0, Long.MAX_VALUE, Long.MAX_VALUE);
        List<DeadLetters.Letter> letters = work.jobs().deadLetters().oldest(place, after, PAGE);
        int gone = 0;
        for (DeadLetters.Letter letter : letters) {
            boolean meant = letter.failedAtMs() <= untilMs && letter.failedAtMs() < olderThanMs;
            if (meant && (ids.isEmpty() || ids.contains(letter.receipt()))) {
                work.jobs().deadLetters().remove(letter);
                gone++;
            }
        }
        boolean more = letters.size() == PAGE && letters.getLast().failedAtMs() <= untilMs;
        return answer(gone, more ? cursor(input, true, letters.getLast().key(), untilMs) : null);
    }

    private static Outcome answer(int gone, @Nullable String next) {
        RawJson rows = JsonBuilder.array().element(RawJson.of(Integer.toString(gone))).build();
        return new Outcome.Success(new Page(rows, next, 0).toJson());
    }

    private static String cursor(Input input, boolean dead, String after, long untilMs) {
        JsonBuilder given = JsonBuilder.object();
        for (String name : new String[] {"queue", "topic", "state", "message_ids", "older_than"}) {
            if (input.find(name) != null) {
                given.member(name, input.find(name));
            }
        }
        return JsonBuilder.object()
                .member("input", given.build())
                .member("dead", dead)
                .member("after", after)
                .member("until", untilMs)
                .build()
                .toString();
    }
}
