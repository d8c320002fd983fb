package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

    private final StreamStores stores;

    /** Notes for which there is a command that has not been run; forgotten with the process, as is what it has not committed. */
    private final Set<String> asked = new HashSet<>();

    private long nextDueMs;

    ItemEnds(StreamStores stores) {
        this.stores = stores;
        this.nextDueMs = firstDueMs();
    }

    /** When to ask for some; {@link Long#MAX_VALUE}: none, or so many are under way that the end of one comes first. */
    long nextDueMs() {
        return asked.size() < MOST ? nextDueMs : Long.MAX_VALUE;
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
        for (String name : ItemExpiry.due(stores, nowMs, MOST)) {
            RawJson note = stores.note(name);
            if (note != null && asked.add(name)) {
                commands.add(StreamExpire.command(name, ItemExpiry.read(name, note)));
            }
        }
        nextDueMs = firstDueMs();
        return commands;
    }

    private long firstDueMs() {
        return ItemExpiry.first(stores, asked.size() + 1).stream()
                .filter(name -> !asked.contains(name))
                .mapToLong(ItemExpiry::dueMs)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }
}
