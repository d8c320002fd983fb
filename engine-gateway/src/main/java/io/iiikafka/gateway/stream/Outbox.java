package io.iiikafka.gateway.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.iiikafka.sdk.protocol.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent to one client. A client that reads slowly costs a bounded queue and delays nobody: when it is
 * full, changes of the same item are merged; when that is not enough, the changes of a group make way for a fresh sync;
 * at last the oldest events are dropped (spec: stream.md 13.9).
 *
 * <p>Used on the client's event loop.
 */
final class Outbox {

    /** What may be on its way within this process; the rest waits here, where it can still be merged. */
    private static final int IN_FLIGHT_BYTES = 256 * 1024;

    private static final int QUEUED_BYTES = 8 * 1024 * 1024;

    /** What is sent, and when it may be left out. */
    private sealed interface Message {

        TextFrame text();

        /** Never left out. */
        record Answer(TextFrame text) implements Message {}

        /** Left out when a fresh one of the group must follow anyway. */
        record Sync(TextFrame text, GroupView view) implements Message {}

        record Event(Frame frame, GroupView view) implements Message {

            @Override
            public TextFrame text() {
                return frame.plain();
            }
        }
    }

    private final StreamSocket socket;
    private final int mostQueued;
    private final StreamMetrics metrics;
    private final Runnable drained;
    private Deque<Message> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long inFlightBytes;
    private boolean moved;

    /** @param drained called when everything has been sent */
    Outbox(StreamSocket socket, int mostQueued, StreamMetrics metrics, Runnable drained) {
        this.socket = socket;
        this.mostQueued = mostQueued;
        this.metrics = metrics;
        this.drained = drained;
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return queue.isEmpty() && inFlightBytes == 0;
    }

    /** Whether something was sent since this was asked last, or nothing had to be. */
    boolean hasMoved() {
        boolean was = moved || isEmpty();
        moved = false;
        return was;
    }

    /** Sends an answer to the client. */
    void answer(RawJson text) {
        send(new Message.Answer(new TextFrame(text)));
    }

    /** Sends a sync; it is left out when a fresh one of the group must follow anyway. */
    void sync(GroupView view, RawJson text) {
        send(new Message.Sync(new TextFrame(text), view));
    }

    /** Whether what is sent goes out at once. */
    boolean hasRoom() {
        return queue.isEmpty() && inFlightBytes < IN_FLIGHT_BYTES;
    }

    /** Sends a frame of a subscription that would rather read it again than lose it; false: there is no room. */
    boolean keep(GroupId group, RawJson text) {
        if (queue.size() >= mostQueued || queuedBytes >= QUEUED_BYTES) {
            return false;
        }
        metrics.sent(group.stream()).increment();
        answer(text);
        return true;
    }

    void frame(GroupView view, Frame frame) {
        send(new Message.Event(frame, view));
    }

    private void send(Message message) {
        if (queue.isEmpty() && inFlightBytes < IN_FLIGHT_BYTES) {
            write(message.text());
            return;
        }
        enqueue(message);
        if (isFull()) {
            merge();
        }
        while (isFull() && giveUpChanges()) {}
        while (isFull() && dropOldestEvent()) {}
    }

    private void enqueue(Message message) {
        queue.add(message);
        queuedBytes += message.text().length();
    }

    private boolean isFull() {
        return queue.size() > mostQueued || queuedBytes > QUEUED_BYTES;
    }

    private void write(TextFrame text) {
        int length = text.length();
        inFlightBytes += length;
        socket.write(text, () -> written(length));
    }

    private void written(int length) {
        inFlightBytes -= length;
        moved = true;
        while (!queue.isEmpty() && inFlightBytes < IN_FLIGHT_BYTES) {
            Message next = queue.poll();
            queuedBytes -= next.text().length();
            write(next.text());
        }
        if (isEmpty()) {
            drained.run();
        }
    }

    private record Item(GroupId group, @Nullable String id) {}

    /** Of changes of an item only the newest is kept, in its place; a creation stays one. */
    private void merge() {
        Map<Item, Message.Event> newest = new HashMap<>();
        List<Message> kept = new ArrayList<>();
        for (Iterator<Message> backwards = queue.descendingIterator(); backwards.hasNext(); ) {
            Message message = backwards.next();
            if (!(message instanceof Message.Event event) || !event.frame().changes()) {
                kept.add(message);
                continue;
            }
            Frame frame = event.frame();
            Item item = new Item(frame.group(), frame.id());
            Message.Event later = newest.remove(item);
            if (!frame.replaces()) {
                kept.add(event);
            } else if (later == null) {
                kept.add(event);
                newest.put(item, event);
            } else {
                metrics.merged(frame.group().stream());
                Message.Event merged = frame.type().equals(Frame.CREATE)
                        ? new Message.Event(later.frame().asCreation(), later.view())
                        : later;
                kept.set(kept.indexOf(later), merged);
                newest.put(item, merged);
            }
        }
        replace(kept.reversed());
    }

    /** The group with the most changes gets a fresh sync instead of them; false when no group has any. */
    private boolean giveUpChanges() {
        Map<GroupView, Integer> changes = new HashMap<>();
        for (Message message : queue) {
            if (message instanceof Message.Event event && event.frame().changes()) {
                changes.merge(event.view(), 1, Integer::sum);
            }
        }
        Map.Entry<GroupView, Integer> most =
                changes.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(null);
        if (most == null) {
            return false;
        }
        GroupView view = most.getKey();
        view.stale(true);
        metrics.dropped(view.group().stream(), most.getValue());
        replace(queue.stream().filter(message -> !isShownBySync(message, view)).toList());
        return true;
    }

    private static boolean isShownBySync(Message message, GroupView view) {
        return switch (message) {
            case Message.Answer answer -> false;
            case Message.Sync sync -> sync.view() == view;
            case Message.Event event -> event.view() == view && event.frame().changes();
        };
    }

    private boolean dropOldestEvent() {
        for (Message message : queue) {
            if (message instanceof Message.Event oldest) {
                metrics.dropped(oldest.frame().group().stream(), 1);
                queue.remove(oldest);
                queuedBytes -= oldest.text().length();
                return true;
            }
        }
        return false;
    }

    private void replace(List<Message> messages) {
        queue = new ArrayDeque<>(messages);
        queuedBytes = messages.stream().mapToLong(message -> message.text().length()).sum();
    }
}
