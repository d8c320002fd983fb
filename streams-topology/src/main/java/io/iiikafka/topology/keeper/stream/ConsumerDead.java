package io.iiikafka.topology.keeper.stream;

import java.util.HashSet;
import java.util.LinkedHashMap;
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
        Map<String, RawJson> letters = new LinkedHashMap<>();
        draft.stores().forEachNote(notes.allDead(), (name, letter) -> {
            letters.put(name, letter);
            return true;
        });
        JsonBuilder events = JsonBuilder.array();
        long shown = 0;
        for (Map.Entry<String, RawJson> each : letters.entrySet()) {
            Input letter = Input.of("dead letter", each.getValue());
            Input record = letter.object("record", letter.require("record"));
            String eventId = record.text("event_id");
            if (shown++ < limit) {
                JsonBuilder event = JsonBuilder.object();
                letter.require("record").forEachMember(event::member);
                events.element(event.member("attempts", letter.require("attempts"))
                        .member("last_error", letter.require("last_error"))
                        .build());
            }
            if (purge.includes(eventId)) {
                draft.note(each.getKey(), null);
            } else if (redrive.includes(eventId)) {
                redrive(draft, notes, letter, record);
            }
        }
        draft.wake(ConsumerWait.topic(notes.stream()));
        return new Outcome.Success(JsonBuilder.object()
                .member("events", events.build())
                .member("count", letters.size())
                .build());
    }

    private void redrive(StreamDraft draft, ConsumerNotes notes, Input letter, Input record) {
        String group = letter.text("group_id");
        ConsumerPosition position = ConsumerPosition.read(draft.note(notes.position(group)));
        long offset = record.integer("offset", 1, Long.MAX_VALUE, 1);
        position.out().put(offset, new ConsumerPosition.Out(null, null, 0, 0, record.optionalText("id"), null));
        keep(draft, notes, group, position, bounds(draft, new StreamGroup(notes.stream(), group)));
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

        boolean includes(String id) {
            return all || ids.contains(id);
        }
    }
}
