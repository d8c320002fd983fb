package io.iiikafka.topology.keeper.stream;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;

/** Which streams have consumer groups on this partition: what is looked up at every event. */
final class Consumers {

    private final StreamStores stores;
    private final Map<String, Set<ConsumerNotes>> byStream = new HashMap<>();

    Consumers(StreamStores stores) {
        this.stores = stores;
        stores.forEachNote(ConsumerNotes.OPEN, (name, note) -> add(ConsumerNotes.parse(ConsumerNotes.OPEN, name)));
    }

    private boolean add(ConsumerNotes notes) {
        byStream.computeIfAbsent(notes.stream(), first -> new HashSet<>()).add(notes);
        return true;
    }

    /** Notes for each consumer group where there is something new. */
    void mark(StreamDraft draft, LogRetention retention) {
        if (byStream.isEmpty()) {
            return;
        }
        for (StreamChange change : draft.changes()) {
            StreamGroup group = change.event().group();
            Set<ConsumerNotes> consumers = byStream.get(group.stream());
            if (consumers != null && retention.keeps(change.event())) {
                for (ConsumerNotes notes : consumers) {
                    String ready = notes.ready(group.group());
                    if (stores.note(ready) == null) {
                        draft.note(ready, RawJson.NULL);
                    }
                }
                draft.wake(ConsumerWait.topic(group.stream()));
            }
        }
    }

    /** Takes in which consumer groups the draft opened and closed. */
    void apply(StreamDraft draft) {
        draft.notes().forEach((name, note) -> {
            if (name.startsWith(ConsumerNotes.OPEN)) {
                ConsumerNotes notes = ConsumerNotes.parse(ConsumerNotes.OPEN, name);
                if (note.isPresent()) {
                    add(notes);
                } else {
                    byStream.computeIfPresent(notes.stream(), (stream, all) -> {
                        all.remove(notes);
                        return all.isEmpty() ? null : all;
                    });
                }
            }
        });
    }
}
