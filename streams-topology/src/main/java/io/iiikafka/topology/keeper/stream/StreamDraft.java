package io.iiikafka.topology.keeper.stream;

import java.util.Optional;

import io.iiikafka.sdk.protocol.RawJson;
import io.iiikafka.topology.keeper.Command;
import org.jspecify.annotations.Nullable;

/**
 * What one command changes: at most one item of one group, and the event of it. Nothing is stored until a {@link
 * StreamApplier} does so; a draft that is dropped has changed nothing.
 */
final class StreamDraft {

    private final StreamStores stores;
    private final Command command;
    private @Nullable Change change;

    /**
     * @param item the item that it is about; null: none is stored or removed
     * @param after null: the item is removed
     */
    record Change(
            StreamGroup group, GroupInfo info, @Nullable String item, @Nullable StreamItem after, StreamEvent event) {}

    StreamDraft(StreamStores stores, Command command) {
        this.stores = stores;
        this.command = command;
    }

    /** What is stored, without this draft. */
    StreamStores stores() {
        return stores;
    }

    Optional<Change> change() {
        return Optional.ofNullable(change);
    }

    /** Sets the item; returns what was there. */
    @Nullable StreamItem put(StreamGroup group, String item, RawJson value) {
        StreamItem before = stores.get(group, item);
        GroupInfo info = begin(group).logged();
        if (before == null) {
            info = info.created();
        }
        StreamItem after = new StreamItem(
                value, before == null ? info.lastOrder() : before.order(), info.offset(), info.clockMs());
        RawJson event = StreamEvent.change(before == null ? "create" : "update", value);
        change = new Change(group, info, item, after, event(group, info, item, event, info.offset()));
        return before;
    }

    /** Removes the item; returns what was there. Where nothing was, nothing happens. */
    @Nullable StreamItem remove(StreamGroup group, String item) {
        StreamItem before = stores.get(group, item);
        if (before != null) {
            GroupInfo info = begin(group).logged().removed();
            RawJson event = StreamEvent.change("delete", before.value());
            change = new Change(group, info, item, null, event(group, info, item, event, info.offset()));
        }
        return before;
    }

    /** Sends an event that leaves the items alone. */
    void send(StreamGroup group, @Nullable String id, RawJson event, boolean logged) {
        GroupInfo info = logged ? begin(group).logged() : begin(group);
        change = new Change(group, info, null, null, event(group, info, id, event, logged ? info.offset() : 0));
    }

    private GroupInfo begin(StreamGroup group) {
        return stores.group(group).tick(command.timestampMs());
    }

    private StreamEvent event(StreamGroup group, GroupInfo info, @Nullable String id, RawJson event, long offset) {
        return new StreamEvent(group, id, event, info.clockMs(), offset, command.position());
    }
}
