package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;
import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Placement;
import io.iiikafka.topology.record.Outcome;

/** {@code stream::consumer_groups}: where they are and who has what (spec: stream.md 13.4), and the part of it. */
final class ConsumerList extends StreamFunction {

    static final String ID = "stream::consumer_groups";
    static final String PART = "iii::stream::consumer_list";

    private final ReplaySettings settings;

    ConsumerList(String id, ReplaySettings settings) {
        super(id, "List the consumer groups of a stream", StreamSchemas.STREAM, null);
        this.settings = settings;
    }

    @Override
    Placement placement(Input input) {
        input.text("stream_name");
        return new Placement.Everywhere(PART, ConsumerList::merge);
    }

    @Override
    Outcome decide(Input input, StreamDraft draft) {
        String stream = input.text("stream_name");
        LogFunction.ruleOf(stream, settings);
        String only = input.optionalText("consumer_group");
        JsonBuilder list = JsonBuilder.array();
        draft.stores().forEachNote(ConsumerNotes.OPEN + StreamGroup.prefixOf(stream), (name, note) -> {
            ConsumerNotes notes = ConsumerNotes.parse(ConsumerNotes.OPEN, name);
            if (only == null || only.equals(notes.name())) {
                list.element(entry(draft, notes, ConsumerGroup.read(Input.of("consumer group", note))));
            }
            return true;
        });
        return new Outcome.Success(list.build());
    }

    private RawJson entry(StreamDraft draft, ConsumerNotes notes, ConsumerGroup consumers) {
        NavigableMap<String, Long> leased = new TreeMap<>();
        JsonBuilder positions = JsonBuilder.array();
        long skipped = 0;
        for (StreamGroup group : ConsumerOpen.groups(draft, notes.stream())) {
            ConsumerPosition position = ConsumerPosition.read(draft.note(notes.position(group.group())));
            position.out().values().stream()
                    .filter(out -> out.member() != null && out.isHeld(draft.nowMs()))
                    .forEach(out -> leased.merge(out.member(), 1L, Long::sum));
            long latest = draft.group(group).offset();
            positions.element(JsonBuilder.object()
                    .member("group_id", group.group())
                    .member("position", position.next())
                    .member("latest_offset", latest)
                    .member("lag", Math.max(0, latest + 1 - position.next()))
                    .build());
            skipped += position.skipped();
        }
        List<String> dead = new ArrayList<>();
        draft.stores().forEachNote(notes.allDead(), (name, letter) -> dead.add(name));
        JsonBuilder members = JsonBuilder.array();
        leased.forEach((member, count) -> members.element(
                JsonBuilder.object().member("member", member).member("leased", count).build()));
        return JsonBuilder.object()
                .member("name", notes.name())
                .member("ordering", consumers.ordering())
                .member("members", members.build())
                .member("positions", positions.build())
                .member("dead_letters", dead.size())
                .member("skipped", skipped)
                .build();
    }

    /** What all partitions say of one consumer group. */
    private static final class Whole {

        private String ordering = "";
        private final NavigableMap<String, Long> members = new TreeMap<>();
        private final NavigableMap<String, RawJson> positions = new TreeMap<>();
        private long dead;
        private long skipped;
    }

    private static RawJson merge(List<RawJson> parts) {
        NavigableMap<String, Whole> all = new TreeMap<>();
        for (RawJson part : parts) {
            for (JsonNode entry : part.toTree()) {
                Whole whole = all.computeIfAbsent(entry.path("name").textValue(), name -> new Whole());
                whole.ordering = entry.path("ordering").textValue();
                entry.path("members").forEach(member -> whole.members.merge(
                        member.path("member").textValue(), member.path("leased").longValue(), Long::sum));
                entry.path("positions").forEach(position -> whole.positions.put(
                        position.path("group_id").textValue(), RawJson.ofValue(position)));
                whole.dead += entry.path("dead_letters").longValue();
                whole.skipped += entry.path("skipped").longValue();
            }
        }
        JsonBuilder list = JsonBuilder.array();
        for (Map.Entry<String, Whole> entry : all.entrySet()) {
            Whole whole = entry.getValue();
            JsonBuilder members = JsonBuilder.array();
            whole.members.forEach((member, count) -> members.element(
                    JsonBuilder.object().member("member", member).member("leased", count).build()));
            JsonBuilder positions = JsonBuilder.array();
            whole.positions.values().forEach(positions::element);
            list.element(JsonBuilder.object()
                    .member("name", entry.getKey())
                    .member("ordering", whole.ordering)
                    .member("members", members.build())
                    .member("positions", positions.build())
                    .member("dead_letters", whole.dead)
                    .member("skipped", whole.skipped)
                    .build());
        }
        return JsonBuilder.object().member("consumer_groups", list.build()).build();
    }
}
