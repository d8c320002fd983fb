package io.iiikafka.topology.keeper.pubsub;

import java.util.List;

import io.iiikafka.sdk.protocol.RawJson;

/**
 * Removes what is not kept any more, bit by bit between other commands: events, topics of which nothing is kept and which
 * nobody subscribes to by name, and where subscriptions are in them. Of one partition, used on its thread.
 */
final class PubsubSweep {

    /** So many notes are looked at, and events removed, at once. */
    static final int PAGE = 500;

    private static final long MINUTE_MS = 60_000;
    private static final long DAY_MS = 86_400_000;

    private final PubsubStores stores;
    private final Subscribers subscribers;
    private final long keptMs;
    private final long everyMs;
    /** Of the sweep that is begun; empty: none is. */
    private String nextName = "";

    private long dueMs;

    PubsubSweep(PubsubStores stores, Subscribers subscribers, PubsubSettings settings) {
        this.stores = stores;
        this.subscribers = subscribers;
        this.keptMs = settings.keptMs();
        this.everyMs = Math.clamp(settings.keptMs() / 4, MINUTE_MS, 60 * MINUTE_MS);
    }

    /** When there is something to do, in epoch milliseconds; {@link Long#MAX_VALUE}: nothing is kept. */
    long nextDueMs() {
        return dueMs;
    }

    /** Something is kept from now on. */
    void published(long nowMs) {
        dueMs = Math.min(dueMs, nowMs + everyMs);
    }

    /** Goes on with a sweep, or begins one that is due. */
    void tick(long nowMs) {
        if (nowMs < dueMs) {
            return;
        }
        List<String> names = stores.noteNames(nextName, "\uffff", PAGE);
        int left = PAGE;
        for (String name : names) {
            left -= 1 + look(name, left, nowMs);
            nextName = left > 0 ? name + '\0' : name;
            if (left <= 0) {
                dueMs = 0;
                return;
            }
        }
        dueMs = nextName.isEmpty() ? Long.MAX_VALUE : nowMs + everyMs;
        nextName = "";
    }

    /** Gives how many events were removed. */
    private int look(String name, int most, long nowMs) {
        RawJson note = stores.note(name);
        if (note == null) {
            return 0;
        }
        if (name.startsWith(PubsubStores.TOPIC)) {
            return topic(name.substring(PubsubStores.TOPIC.length()), most, nowMs);
        }
        if (name.startsWith(PubsubLookBack.PLACE)) {
            place(name, Long.parseLong(note.toString()));
        } else if (name.startsWith(PubsubStores.RETAINED)) {
            retained(name.substring(PubsubStores.RETAINED.length()), nowMs);
        }
        return 0;
    }

    private void retained(String topic, long nowMs) {
        PublishedEvent retained = stores.retained(topic);
        if (retained != null && retained.isOver(nowMs)) {
            stores.forgetRetained(topic);
        }
    }

    private int topic(String topic, int most, long nowMs) {
        TopicInfo info = stores.topic(topic);
        long earliest = info.earliest();
        int removed = 0;
        while (removed < most && earliest <= info.latest() && isOld(topic, earliest, nowMs)) {
            stores.remove(topic, earliest++);
            removed++;
        }
        if (removed > 0) {
            stores.putTopic(topic, info.keptFrom(earliest));
        }
        if (earliest > info.latest()
                && info.lastMs() < nowMs - Math.max(keptMs, DAY_MS)
                && !subscribers.isNamed(topic)) {
            stores.removeTopic(topic);
        }
        return removed;
    }

    private boolean isOld(String topic, long offset, long nowMs) {
        PublishedEvent event = stores.event(topic, offset);
        return event == null || event.timestampMs() < nowMs - keptMs;
    }

    /** It says nothing any more when all was told, or when what it says was told is not kept. */
    private void place(String name, long next) {
        int end = name.indexOf('\0');
        String trigger = name.substring(PubsubLookBack.PLACE.length(), end);
        TopicInfo info = stores.topic(name.substring(end + 1));
        if (stores.note(PubsubLookBack.TOLD + trigger) != null || info.isNew() || next <= info.earliest()) {
            stores.putNote(name, null);
        }
    }
}
