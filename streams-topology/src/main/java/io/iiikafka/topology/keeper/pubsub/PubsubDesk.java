package io.iiikafka.topology.keeper.pubsub;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;

import io.iiikafka.topology.keeper.Command;
import io.iiikafka.topology.keeper.Decision;
import io.iiikafka.topology.keeper.Desk;
import io.iiikafka.topology.keeper.Firing;
import io.iiikafka.topology.keeper.Input;
import io.iiikafka.topology.keeper.Refusal;
import io.iiikafka.topology.record.Outcome;

/** The topics of one partition at work. */
final class PubsubDesk implements Desk {

    /** So many events that are no longer kept are removed with each new one, so that a backlog of them shrinks. */
    private static final int MOST_REMOVED = 2;

    private final Map<String, PubsubFunction> functions;
    private final PubsubStores stores;
    private final Subscribers subscribers;
    private final PubsubLookBack past;
    private final PubsubSettings settings;

    PubsubDesk(
            Map<String, PubsubFunction> functions,
            PubsubStores stores,
            Subscribers subscribers,
            PubsubSettings settings) {
        this.functions = functions;
        this.stores = stores;
        this.subscribers = subscribers;
        this.past = new PubsubLookBack(subscribers, stores);
        this.settings = settings;
    }

    PubsubStores stores() {
        return stores;
    }

    Subscribers subscribers() {
        return subscribers;
    }

    @Override
    public Decision run(Command command) {
        try {
            PubsubFunction function = requireNonNull(functions.get(command.call().functionId()));
            return function.decide(Input.of(command.call()), command, this);
        } catch (Refusal refusal) {
            return Decision.of(refusal.outcome());
        }
    }

    /** Counts and keeps the event; gives it with its offset. */
    PublishedEvent publish(PublishedEvent draft) {
        TopicInfo info = stores.topic(draft.topic()).published(draft.timestampMs());
        PublishedEvent event = new PublishedEvent(
                draft.topic(),
                info.latest(),
                draft.id(),
                draft.data(),
                draft.timestampMs(),
                draft.publisher(),
                draft.key(),
                draft.headers(),
                draft.ttlMs());
        if (settings.keptMs() > 0) {
            stores.append(event);
            stores.putTopic(event.topic(), trimmed(event.topic(), info));
        } else {
            stores.putTopic(event.topic(), info.keptFrom(info.latest() + 1));
        }
        return event;
    }

    private TopicInfo trimmed(String topic, TopicInfo info) {
        long earliest = info.earliest();
        for (int removed = 0; removed < MOST_REMOVED && earliest < info.latest(); removed++) {
            boolean tooMany = info.latest() - earliest >= settings.keptEvents();
            PublishedEvent first = tooMany ? null : stores.event(topic, earliest);
            if (first != null && first.timestampMs() >= info.lastMs() - settings.keptMs()) {
                break;
            }
            stores.remove(topic, earliest++);
        }
        return info.keptFrom(earliest);
    }

    /** Who hears of it now. */
    List<Firing> firings(PublishedEvent event, Command command) {
        return subscribers.firings(event, command, past);
    }

    @Override
    public long nextDueMs() {
        return past.isUnfinished() ? 0 : Long.MAX_VALUE;
    }

    /** Tells late subscribers of what was before. */
    @Override
    public Decision tick(Command tick) {
        return new Decision(Outcome.NO_VALUE, past.next(tick));
    }
}
