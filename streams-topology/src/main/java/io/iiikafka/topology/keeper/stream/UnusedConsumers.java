package io.iiikafka.topology.keeper.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.iiikafka.sdk.protocol.JsonBuilder;
import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.record.Call;

/**
 * Has consumer groups removed that nobody uses (spec: stream.md 13.4, guarantee 5). The partition that decides about a group
 * notes that it has ended, so that whoever uses the name again gets another one, and has it deleted everywhere by a call, each
 * hour until it is told that all partitions have done so.
 */
final class UnusedConsumers {

    private static final long AGAIN_MS = 3_600_000;
    private static final long PATIENCE_MS = 60_000;

    private final StreamStores stores;
    private final long ttlMs;
    private long nextDueMs = Long.MAX_VALUE;

    /** By note of those that have ended, when their deletion was asked for last. */
    private final Map<String, Long> firedMs = new HashMap<>();

    UnusedConsumers(StreamStores stores, long ttlMs) {
        this.stores = stores;
        this.ttlMs = ttlMs;
        stores.forEachNote(ConsumerNotes.HOME, (name, note) -> {
            due(usedAt(note));
            return true;
        });
    }

    private void due(long usedAtMs) {
        nextDueMs = Math.min(nextDueMs, usedAtMs + ttlMs + 1);
    }

    private static long usedAt(RawJson home) {
        return Input.of("consumer group", home).integer("used_at", 0, Long.MAX_VALUE, 0);
    }

    /** When to look for them next, in epoch milliseconds. */
    long nextDueMs() {
        return nextDueMs;
    }

    /** Takes in which consumer groups the draft says are used. */
    void apply(StreamDraft draft) {
        draft.notes().forEach((name, note) -> {
            if (name.startsWith(ConsumerNotes.HOME) && note.isPresent() && usedAt(note.get()) > 0) {
                due(usedAt(note.get()));
            }
        });
    }

    /** Ends those whose time is over; gives the calls that delete them. */
    List<Firing> end(StreamDraft draft, Command tick) {
        List<Firing> firings = new ArrayList<>();
        Map<String, Long> before = Map.copyOf(firedMs);
        firedMs.clear();
        nextDueMs = Long.MAX_VALUE;
        stores.forEachNote(ConsumerNotes.HOME, (name, note) -> {
            long againMs = usedAt(note) == 0 && before.containsKey(name) ? before.get(name) + AGAIN_MS : 0;
            if (againMs > tick.timestampMs()) {
                firedMs.put(name, againMs - AGAIN_MS);
                nextDueMs = Math.min(nextDueMs, againMs);
            } else if (usedAt(note) + ttlMs < tick.timestampMs()) {
                firedMs.put(name, tick.timestampMs());
                ConsumerGroup group = ConsumerDefine.group(note);
                draft.note(name, ConsumerDefine.home(group, 0));
                firings.add(deletion(ConsumerNotes.parse(ConsumerNotes.HOME, name), group, tick));
                nextDueMs = Math.min(nextDueMs, tick.timestampMs() + AGAIN_MS);
            } else {
                due(usedAt(note));
            }
            return true;
        });
        return firings;
    }

    private static Firing deletion(ConsumerNotes notes, ConsumerGroup group, Command tick) {
        String name = "unused/" + group.id() + "/" + tick.timestampMs();
        RawJson data = JsonBuilder.object()
                .member("stream_name", notes.stream())
                .member("consumer_group", notes.name())
                .member("id", group.id())
                .build();
        Call call = new Call(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString(),
                ConsumerDelete.ID,
                Call.DEFAULT_NAMESPACE,
                data,
                null,
                false,
                null,
                null,
                null,
                tick.timestampMs() + PATIENCE_MS);
        return new Firing(call, null);
    }
}
