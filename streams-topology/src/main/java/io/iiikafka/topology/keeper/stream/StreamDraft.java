package io.iiikafka.topology.keeper.stream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.catalog.Catalog;
import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Notes;
import io.iiikafka.topology.keeper.state.Actor;
import org.jspecify.annotations.Nullable;

/**
 * What one command changes, on top of what is stored. Nothing is stored until a {@link StreamApplier} does so; a draft
 * that is dropped has changed nothing.
 */
final class StreamDraft implements Notes {

    private final StreamStores stores;
    private final Command command;
    private final Waiting waiting;
    private final String position;
    private final List<StreamChange> changes = new ArrayList<>();
    private final Map<StreamGroup, GroupInfo> groups = new LinkedHashMap<>();
    private final Map<String, Optional<StreamItem>> items = new HashMap<>();
    private final Map<String, Optional<RawJson>> notes = new LinkedHashMap<>();
    private final List<String> departed = new ArrayList<>();

    private final Catalog catalog;
    private @Nullable RawJson actor;
    private @Nullable String awaited;

    private final Set<String> woken = new HashSet<>();

    StreamDraft(StreamStores stores, Command command, Waiting waiting, Catalog catalog) {
        this(stores, command, waiting, catalog, command.position());
    }

    /** @param position what its events are called by: unique, and the same when it is run again */
    StreamDraft(StreamStores stores, Command command, Waiting waiting, Catalog catalog, String position) {
        this.catalog = catalog;
        this.stores = stores;
        this.command = command;
        this.waiting = waiting;
        this.position = position;
    }

    /** What is stored, without this draft. */
    StreamStores stores() {
        return stores;
    }

    /** The only clock: when the command was written. */
    @Override
    public long nowMs() {
        return command.timestampMs();
    }

    /** Unique, and the same when the command is run again. */
    String position() {
        return position;
    }

    /** In the order in which they were made. */
    List<StreamChange> changes() {
        return changes;
    }

    /** The counters of every group that is changed, as they are after it. */
    Map<StreamGroup, GroupInfo> groups() {
        return groups;
    }

    /** Every note that is changed; empty: taken away. */
    Map<String, Optional<RawJson>> notes() {
        return notes;
    }

    /** The counters of a group as this draft leaves them. */
    GroupInfo group(StreamGroup group) {
        GroupInfo changed = groups.get(group);
        return changed == null ? stores.group(group) : changed;
    }

    void group(StreamGroup group, GroupInfo info) {
        groups.put(group, info);
    }

    @Nullable StreamItem get(StreamGroup group, String item) {
        Optional<StreamItem> changed = changes.isEmpty() ? null : items.get(group.itemKey(item));
        return changed == null ? stores.get(group, item) : changed.orElse(null);
    }

    @Override
    public @Nullable RawJson note(String name) {
        Optional<RawJson> changed = notes.get(name);
        return changed == null ? stores.note(name) : changed.orElse(null);
    }

    /** Keeps the note, or takes it away when it is null. */
    @Override
    public void note(String name, @Nullable RawJson note) {
        notes.put(name, Optional.ofNullable(note));
    }

    /** The subscriptions of this gateway are to end, because it is gone. */
    void departed(String gateway) {
        departed.add(gateway);
    }

    List<String> departed() {
        return departed;
    }

    /** Leaves the caller waiting for the next event of that: the key of a group, or of a stream's consumers. */
    void waitFor(String topic) {
        awaited = topic;
    }

    /** Calls those who wait for that. */
    void wake(String topic) {
        woken.add(topic);
    }

    Set<String> woken() {
        return woken;
    }

    /** How often those who wait for that were called before. */
    long wakeCount(String topic) {
        return waiting.wakes(topic);
    }

    /** What the caller waits for; null: it does not. */
    @Nullable String awaited() {
        return awaited;
    }

    /** Forgets all changes of items, and when they were to end; other notes stay. */
    void takeBack() {
        notes.keySet().removeIf(ItemExpiry::isExpiry);
        changes.clear();
        groups.clear();
        items.clear();
    }

    /** Sets the item; returns what was there. */
    @Nullable StreamItem put(StreamGroup group, String item, RawJson value) {
        return put(group, item, value, 0);
    }

    /**
     * As {@link #put(StreamGroup, String, RawJson)}, for a time.
     *
     * @param ttlMs 0: for good
     */
    @Nullable StreamItem put(StreamGroup group, String item, RawJson value, long ttlMs) {
        StreamItem before = get(group, item);
        GroupInfo info = begin(group).logged();
        if (before == null) {
            info = info.created();
        }
        long order = before == null ? info.lastOrder() : before.order();
        StreamItem after = new StreamItem(
                value, order, info.offset(), info.clockMs(), ttlMs == 0 ? 0 : nowMs() + ttlMs);
        ItemExpiry.forget(this, group, item, before);
        ItemExpiry.note(this, group, item, after);
        RawJson event = StreamEvent.change(before == null ? StreamEvent.CREATE : StreamEvent.UPDATE, value);
        change(item, before, after, event(group, info, item, event, info.offset()), info);
        return before;
    }

    /** Removes the item; returns what was there. Where nothing was, nothing happens. */
    @Nullable StreamItem remove(StreamGroup group, String item) {
        StreamItem before = get(group, item);
        if (before != null) {
            ItemExpiry.forget(this, group, item, before);
            GroupInfo info = begin(group).logged().removed();
            RawJson event = StreamEvent.change(StreamEvent.DELETE, before.value());
            change(item, before, null, event(group, info, item, event, info.offset()), info);
        }
        return before;
    }

    /** Tells of an event that leaves the stored items alone. */
    void send(StreamGroup group, @Nullable String id, RawJson event, boolean logged) {
        GroupInfo info = logged ? begin(group).logged() : begin(group);
        change(null, null, null, event(group, info, id, event, logged ? info.offset() : 0), info);
    }

    /** Tells of a change of an item that is not stored here. */
    StreamEvent tell(StreamGroup group, String id, String type, @Nullable RawJson old, RawJson data) {
        GroupInfo info = begin(group).logged();
        boolean removed = type.equals(StreamEvent.DELETE);
        StreamEvent event = event(group, info, id, StreamEvent.change(type, data), info.offset());
        change(null, foreign(removed ? data : old, info), foreign(removed ? null : data, info), event, info);
        return event;
    }

    private static @Nullable StreamItem foreign(@Nullable RawJson value, GroupInfo info) {
        return value == null ? null : new StreamItem(value, 0, info.offset(), info.clockMs());
    }

    private void change(
            @Nullable String item,
            @Nullable StreamItem before,
            @Nullable StreamItem after,
            StreamEvent event,
            GroupInfo info) {
        changes.add(new StreamChange(item, before, after, event));
        groups.put(event.group(), info);
        if (item != null) {
            items.put(event.group().itemKey(item), Optional.ofNullable(after));
        }
    }

    private GroupInfo begin(StreamGroup group) {
        return group(group).tick(command.timestampMs());
    }

    private StreamEvent event(StreamGroup group, GroupInfo info, @Nullable String id, RawJson event, long offset) {
        String eventId = changes.isEmpty() ? position : position + ":" + changes.size();
        return new StreamEvent(group, id, event, info.clockMs(), offset, eventId, offset > 0 ? actor() : null);
    }

    private @Nullable RawJson actor() {
        if (actor == null) {
            actor = Actor.of(command.call(), catalog);
        }
        return actor.equals(RawJson.EMPTY_OBJECT) ? null : actor;
    }

    @Override
    public List<String> notes(String from, String before, int most) {
        return stores.notes(from, before, most);
    }
}
