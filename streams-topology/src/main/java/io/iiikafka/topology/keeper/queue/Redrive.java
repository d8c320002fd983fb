package io.iiikafka.topology.keeper.queue;

import java.util.List;

import io.iiikafka.sdk.protocol.ErrorCode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.EntryKey;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Later;
import io.iiikafka.topology.keeper.Page;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.keeper.job.DeadLetters;
import io.iiikafka.topology.record.Call;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * {@code iii::queue::redrive}: dead letters become jobs again, oldest first (spec: queue.md 4.2, 12.4); some hundred at a
 * time, with other commands in between. What is given up again meanwhile is not moved a second time.
 */
final class Redrive extends QueueFunction {

    static final String ID = "iii::queue::redrive";
    static final String PART = "iii::queue::redrive_part";
    static final String NEXT = "iii::queue::redrive_next";

    private static final int PAGE = 500;
    private static final long LONGEST_ANSWER = 1024 * 1024;

    Redrive(String id) {
        super(id, "Move the dead letters of a queue or topic back", QueueSchemas.REDRIVE, QueueSchemas.REDRIVEN);
    }

    @Override
    Placement placement(Call call, String owner) {
        String given = QueueName.given(Input.of(call));
        if (!id().equals(ID) || !call.reply() || given == null || given.isEmpty()) {
            return new Placement.Owner(owner);
        }
        return new Placement.Listing(
                owner, PART, NEXT, LONGEST_ANSWER, "", parts -> answer(given, parts));
    }

    /** @param parts each an array: how many were moved, and if that was asked for, how many remain */
    private static RawJson answer(String given, List<RawJson> parts) {
        long[] moved = new long[1];
        long[] remaining = {-1};
        for (RawJson part : parts) {
            int[] at = new int[1];
            part.forEachElement(each -> {
                long number = Long.parseLong(each.toString());
                if (at[0]++ == 0) {
                    moved[0] += number;
                } else {
                    remaining[0] = number;
                }
            });
        }
        JsonBuilder answer = JsonBuilder.object().member("queue", given).member("redriven", moved[0]);
        return (remaining[0] < 0 ? answer : answer.member("remaining", remaining[0])).build();
    }

    @Override
    String next() {
        return NEXT;
    }

    @Override
    Outcome decide(Input input, QueueWork work) {
        if (!id().equals(NEXT)) {
            required(input, ErrorCode.QUEUE_NOT_SET, "Queue name is required");
            return page(RedriveWish.of(input, "", work.nowMs(), 0), work);
        }
        if (input.flag("close")) {
            return new Outcome.Success(RawJson.NULL);
        }
        Input cursor = Input.of(id(), RawJson.of(input.text("cursor")));
        return page(
                RedriveWish.of(
                        Input.of(id(), cursor.require("input")),
                        cursor.text("after"),
                        cursor.integer("until", 0, Long.MAX_VALUE, 0),
                        cursor.integer("moved", 0, Long.MAX_VALUE, 0)),
                work);
    }

    private static Outcome page(RedriveWish wish, QueueWork work) {
        RedriveWish rest = move(wish, work);
        JsonBuilder rows = JsonBuilder.array()
                .element(RawJson.of(Long.toString(wish.movedNow())));
        if (rest == null && wish.isSpecial()) {
            int remaining = work.jobs().deadLetters().count(QueueName.place(wish.queue(), work));
            rows.element(RawJson.of(Integer.toString(remaining)));
        }
        return new Outcome.Success(
                new Page(rows.build(), rest == null ? null : rest.cursor(), 0).toJson());
    }

    /** False: it stays, because the subscription that it was for has ended. */
    private static boolean move(
            DeadLetters.Letter letter, @Nullable String other, RedriveWish wish, QueueWork work) {
        long notBeforeMs = wish.notBeforeMs(work.nowMs());
        if (other == null) {
            String by = work.command().call().traceparent();
            return work.operations().redrive(letter, wish.function(), by, notBeforeMs, work.nowMs());
        }
        work.later().add(new Later(other, letter.enqueue(other, wish.function(), notBeforeMs)));
        work.jobs().deadLetters().remove(letter);
        return true;
    }

    /** Moves some; gives what is left to do, null when that is nothing. */
    private static @Nullable RedriveWish move(RedriveWish wish, QueueWork work) {
        DeadLetters.Place place = QueueName.place(wish.queue(), work);
        String other = !place.topic() && place.name().equals(wish.toQueue()) ? null : wish.toQueue();
        if (other != null && work.agreements().find(EntryKey.queue(other)) == null) {
            throw new Refusal(
                    ErrorCode.REDRIVE_FAILED,
                    "Failed to redrive DLQ for queue '" + wish.queue() + "': Queue '" + other + "' not found");
        }
        List<DeadLetters.Letter> letters = work.jobs().deadLetters().oldest(place, wish.after(), PAGE);
        for (DeadLetters.Letter letter : letters) {
            if (wish.isEnough() || letter.failedAtMs() > wish.untilMs()) {
                return null;
            }
            if (wish.takes(letter) && move(letter, other, wish, work)) {
                wish.moved();
            }
        }
        return letters.size() < PAGE || wish.isEnough() ? null : wish.after(letters.getLast().key());
    }
}
