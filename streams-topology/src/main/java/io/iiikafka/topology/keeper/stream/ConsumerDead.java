package io.iiikafka.topology.keeper.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/**
 * {@code stream::dead_letters}: shows them, hands them out again, or throws them away (spec: stream.md 13.4), and the part
 * of it on one partition. {@code redrive} and {@code purge} are {@code "all"} or event ids.
 */
final class ConsumerDead extends ConsumerFunction {

    static final String ID = "stream::dead_letters";
    static final String PART = "iii::stream::consumer_dead";

    ConsumerDead(String id, ReplaySettings settings) {
        super(id, "Show, retry or purge what a consumer group could not process", settings);
    }

    @Override
    Placement placement(Input input) {
        ConsumerNotes.of(input);
        long limit = input.integer("limit", 1, 1_000, 100);
        return new Placement.Everywhere(PART, parts -> merge(parts, limit));
    }

    private static RawJson merge(List<RawJson> parts, long limit) {
        JsonBuilder events = JsonBuilder.array();
        long[] counts = new long[2];
        for (RawJson part : parts) {
            part.forEachMember((name, value) -> {
                if (name.equals("count")) {
                    counts[0] += Long.parseLong(value.toString());
                } else {
                    value.forEachElement(event -> {
                        if (counts[1]++ < limit) {
                            events.element(event);
                        }
                    });
                }
            });
        }
        return JsonBuilder.object().member("events", events.build()).member("count", counts[0]).build();
    }

    @Override
    Outcome decide(Input input, StreamDraft draft, ConsumerNotes notes) {
        long limit = input.integer("limit", 1, 1_000, 100);
        Wanted redrive = Wanted.of(input, "redrive");
        Wanted purge = Wanted.of(input, "purge");
        Map<String, ConsumerPosition> positions = new HashMap<>();
        JsonBuilder events = JsonBuilder.array();
        int[] count = new int[1];
        draft.stores().forEachNote(notes.allDead(), (name, note) -> {
            boolean shown = count[0]++ < limit;
            if (!shown && redrive.isNothing() && purge.isNothing()) {
                return true;
            }
            Input letter = Input.of("dead letter", note);
            RawJson record = letter.require("record");
            String eventId = letter.object("record", record).text("event_id");
            if (shown) {
                events.element(DeadLetter.shown(letter, record));
            }
            if (purge.includes(eventId)) {
                draft.note(name, null);
            } else if (redrive.includes(eventId)) {
                redrive(draft, notes, letter.text("group_id"), ConsumerNotes.offset(name), positions);
            }
            return true;
        });
        draft.wake(ConsumerWait.topic(notes.stream()));
        return new Outcome.Success(JsonBuilder.object()
                .member("events", events.build())
                .member("count", count[0])
                .build());
    }

    /** What a member has of them stays with it. */
    private static void redrive(
            StreamDraft draft, ConsumerNotes notes, String group, long offset, Map<String, ConsumerPosition> positions) {
        ConsumerPosition position = positions.computeIfAbsent(
                group, first -> ConsumerPosition.read(draft.note(notes.position(group))));
        ConsumerPosition.Out out = position.out().get(offset);
        if (out == null || !out.isHeld(draft.nowMs())) {
            draft.note(notes.waiting(group, offset), RawJson.NULL);
            draft.note(notes.ready(group), RawJson.NULL);
        }
    }

    /** Which of them are meant. */
    private record Wanted(boolean all, Set<String> ids) {

        static Wanted of(Input input, String name) {
            RawJson given = input.find(name);
            if (given == null || given.isNull() || given.isFalse()) {
                return new Wanted(false, Set.of());
            }
            if (given.toString().equals("true") || "all".equals(given.text())) {
                return new Wanted(true, Set.of());
            }
            Set<String> ids = new HashSet<>();
            input.elements(name).forEach(id -> ids.add(input.element(name, id)));
            return new Wanted(false, ids);
        }

        boolean isNothing() {
            return !all && ids.isEmpty();
        }

        boolean includes(String id) {
            return all || ids.contains(id);
        }
    }
}
