package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Later;

/**
 * Has the items of one partition whose time is over removed, each by a command of its own. A tick that did so could come to
 * another offset when it is done again after a crash, and subscribers hear of offsets before they are committed; a command
 * has its place among the others for good.
 */
final class ItemEnds {

    /** Not more are asked for at once; the rest when these are done. */
    private static final int MOST = 500;

    /** Each command wants a commit, and others of the partition wait behind it until then. */
    private static final long PAUSE_MS = 200;

    /** A command that could not be written, or failed, is left once more. */
    private static final long AGAIN_MS = 60_000;

    private final StreamStores stores;

    /**
     * Notes for which there is a command that has not been run, and when it was asked for; forgotten with the process, as is
     * what it has not committed.
     */
    private final Map<String, Long> asked = new HashMap<>();

    private long nextDueMs;
    private long notBeforeMs;

    ItemEnds(StreamStores stores) {
        this.stores = stores;
        this.nextDueMs = firstDueMs();
    }

    /** When to ask for some; {@link Long#MAX_VALUE}: there are none. */
    long nextDueMs() {
        return Math.max(notBeforeMs, asked.size() < MOST ? nextDueMs : againMs());
    }

    /** Takes in the notes that a command changes. */
    void noted(Map<String, Optional<RawJson>> notes) {
        notes.forEach((name, note) -> {
            if (note.isPresent()) {
                nextDueMs = Math.min(nextDueMs, ItemExpiry.dueMs(name));
            } else {
                asked.remove(name);
            }
        });
    }

    /** The commands that remove what is over by now. */
    List<Later> ask(long nowMs) {
        List<Later> commands = new ArrayList<>();
        if (nowMs < nextDueMs()) {
            return commands;
        }
        asked.values().removeIf(askedMs -> askedMs + AGAIN_MS <= nowMs);
        for (String name : ItemExpiry.due(stores, nowMs, MOST)) {
            RawJson note = asked.containsKey(name) ? null : stores.note(name);
            if (note != null) {
                commands.add(StreamExpire.command(name, ItemExpiry.read(name, note)));
                asked.put(name, nowMs);
            }
        }
        if (!commands.isEmpty()) {
            notBeforeMs = nowMs + PAUSE_MS;
        }
        nextDueMs = Math.min(firstDueMs(), againMs());
        return commands;
    }

    private long firstDueMs() {
        return ItemExpiry.first(stores, asked.size() + 1).stream()
                .filter(name -> !asked.containsKey(name))
                .mapToLong(ItemExpiry::dueMs)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private long againMs() {
        return asked.values().stream().mapToLong(askedMs -> askedMs + AGAIN_MS).min().orElse(Long.MAX_VALUE);
    }
}
