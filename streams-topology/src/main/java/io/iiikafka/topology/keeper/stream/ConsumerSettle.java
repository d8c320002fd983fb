package io.iiikafka.topology.keeper.stream;

import java.util.Comparator;
import java.util.List;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Says what became of events of one group: {@code {"settled":n,"stale":[delivery ids]}}.
 *
 * <p>Input: {@code stream_name}, {@code consumer_group}, {@code group_id}, {@code action} ({@code commit}, {@code nack}
 * or {@code extend}), {@code delivery_ids}, or, to commit, {@code offset} for everything up to it; {@code delay_ms},
 * {@code reason}; {@code undelivered}, it reached nobody, so that the attempt does not count; {@code left}, the member
 * gives back what it has and goes, so that of what must be processed in turn only the first counts as an attempt;
 * {@code lease_ms}.
 */
final class ConsumerSettle extends ConsumerFunction {

    static final String ID = "iii::stream::consumer_settle";

    private static final long LONGEST_DELAY_MS = 30L * 86_400_000;
    private static final int LONGEST_REASON = 4_000;

    ConsumerSettle(ReplaySettings settings) {
        super(ID, "Settle events", settings);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        String group = input.text("group_id");
        StreamGroup of = new StreamGroup(notes.stream(), group);
        StreamLog.Bounds bounds = bounds(draft, of);
        ConsumerGroup consumers = opened(draft, notes, null);
        ConsumerPosition position = ConsumerPosition.read(draft.note(notes.position(group)));
        JsonBuilder stale = JsonBuilder.array();
        long settled = 0;
        long upTo = Math.min(input.integer("offset", 0, Long.MAX_VALUE, 0), bounds.latest());
        if (consumers != null && upTo >= position.next()) {
            settled = upTo + 1 - position.next();
            position.to(upTo + 1);
        }
        for (String id : inTurn(input)) {
            DeliveryId delivery = DeliveryId.parse(id);
            ConsumerPosition.Out out = delivery == null ? null : position.out().get(delivery.offset());
            if (consumers == null || delivery == null || out == null || !delivery.lease().equals(out.lease())) {
                stale.element(id);
            } else {
                settle(input, draft, notes, consumers, position, delivery, out);
                settled++;
            }
        }
        if (consumers != null) {
            keep(draft, notes, group, position, bounds);
            draft.wake(ConsumerWait.topic(notes.stream()));
        }
        return new Outcome.Success(JsonBuilder.object()
                .member("settled", settled)
                .member("stale", stale.build())
                .build());
    }

    /** Its beginning: it is noted with each event. */
    private static @Nullable String reason(Input input) {
        String reason = input.optionalText("reason");
        if (reason == null || reason.length() <= LONGEST_REASON) {
            return reason;
        }
        int end = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? LONGEST_REASON - 1 : LONGEST_REASON;
        return reason.substring(0, end) + "…"; // half of a character could not be read again
    }

    /**
     * What is taken back takes with it what is behind it and had to wait for it: that is settled before, where the
     * member speaks of each; of what a member leaves behind, it may not have begun but the first.
     */
    private static List<String> inTurn(Input input) {
        Comparator<String> byOffset = Comparator.comparingLong(ConsumerSettle::offset);
        return input.elements("delivery_ids").stream()
                .map(element -> input.element("delivery_ids", element))
                .sorted(input.flag("left") ? byOffset : byOffset.reversed())
                .toList();
    }

    /** 0: that is no delivery id. */
    private static long offset(String id) {
        DeliveryId delivery = DeliveryId.parse(id);
        return delivery == null ? 0 : delivery.offset();
    }

    private static void settle(
            Input input,
            StreamDraft draft,
            ConsumerNotes notes,
            ConsumerGroup consumers,
            ConsumerPosition position,
            DeliveryId delivery,
            ConsumerPosition.Out out) {
        long offset = delivery.offset();
        switch (input.text("action")) {
            case "commit" -> {
                position.done(offset);
                draft.note(notes.dead(delivery.group(), offset), null); // it was tried again
            }
            case "extend" -> {
                long until = draft.nowMs() + input.integer("lease_ms", 1_000, 3_600_000, 30_000);
                position.out().put(offset, new ConsumerPosition.Out(
                        out.lease(), out.member(), out.attempt(), until, out.item(), out.error()));
            }
            case "nack" -> {
                long until = draft.nowMs() + input.integer("delay_ms", 0, LONGEST_DELAY_MS, 0);
                boolean counts = !input.flag("undelivered");
                position.release(offset, until, consumers.ordering(), reason(input), counts);
                if (counts && consumers.maxAttempts() > 0 && out.attempt() >= consumers.maxAttempts()) {
                    if (position.isTriedAgain(offset)) {
                        DeadLetter.stay(draft, notes, delivery.group(), position, offset);
                    } else {
                        StreamGroup of = new StreamGroup(notes.stream(), delivery.group());
                        DeadLetter.bury(draft, notes, delivery.group(), position, draft.stores().log().get(of, offset));
                        position.out().remove(offset);
                    }
                }
            }
            default -> throw input.misfit("unknown action");
        }
    }
}
